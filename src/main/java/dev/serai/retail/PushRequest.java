package dev.serai.retail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.RecordKey;
import dev.serai.change.Timestamps;
import dev.serai.contract.ApiRequest;
import dev.serai.contract.Operation;
import dev.serai.device.NewEvent;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads a push, over HTTP or a socket, beyond what its contract has checked. */
final class PushRequest {

    private static final String KEY = "Idempotency-Key";

    private PushRequest() {}

    /** @throws ApiException 422 with every problem found */
    static NewEvent read(ApiRequest request) {
        List<Problem> problems = new ArrayList<>(0);
        NewEvent event = read(request.body(), Retail.who(request), key(request), false, problems);
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
        return event;
    }

    /**
     * Over a socket a push is held to the same contract, and every connected client gets it.
     *
     * @throws ApiException with every problem found, in one sentence
     */
    static NewEvent read(JsonNode data, Operation push, String caller) {
        List<Problem> problems = new ArrayList<>(push.check(data));
        NewEvent event = problems.isEmpty() ? read(data, caller, null, true, problems) : null;
        if (!problems.isEmpty()) {
            throw ApiException.badRequest(problems.stream().map(Problem::text).collect(Collectors.joining("; ", "", ".")));
        }
        return event;
    }

    private static NewEvent read(JsonNode body, String caller, String key, boolean live, List<Problem> problems) {
        String type = body.path("event_type").asText();
        if (type.equals(NewEvent.ORDER_CREATED)) {
            checkOrder(body.path("payload"), problems);
        }
        return new NewEvent(
                body.path("device_id").asText(), textOrNull(body.path("user_id")), type, timestamp(body.path("timestamp"), problems),
                body.path("payload"), caller, key, live);
    }

    private static String key(ApiRequest request) {
        String key = request.header(KEY);
        if (key != null && !key.matches("[\\x21-\\x7e]{1,255}")) {
            throw ApiException.badRequest(KEY + " must have 1 to 255 visible ASCII characters.");
        }
        return key;
    }

    private static String textOrNull(JsonNode node) {
        return node.isTextual() && !node.asText().isBlank() ? node.asText() : null;
    }

    private static Instant timestamp(JsonNode node, List<Problem> problems) {
        if (!node.isTextual()) {
            return null;
        }
        try {
            return Timestamps.parse(node.asText());
        } catch (DateTimeException e) {
            problems.add(new Problem(List.of("body", "timestamp"), "value is not a valid ISO 8601 time", "value_error.datetime"));
            return null;
        }
    }

    /** The record's key is the order's id. */
    private static void checkOrder(JsonNode payload, List<Problem> problems) {
        JsonNode id = payload.path("order_id");
        List<Object> at = List.of("body", "payload", "order_id");
        if (id.isMissingNode() || id.isNull() || id.isTextual() && id.asText().isBlank()) {
            problems.add(new Problem(at, "field required: an order_created event names its order", "value_error.missing"));
        } else if (!id.isTextual() && !id.canConvertToExactIntegral()) {
            problems.add(new Problem(at, "an order id is an integer or a text", "type_error.integer"));
        } else if (id.asText().length() > RecordKey.MAX_LENGTH || id.asText().indexOf('\0') >= 0) {
            problems.add(new Problem(at, "an order id has 1 to " + RecordKey.MAX_LENGTH + " characters without NUL", "value_error"));
        }
    }
}
