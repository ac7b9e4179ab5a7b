package dev.serai.pos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What the cloud says of the orders of a batch. Whatever it says of other orders, or in another form, does not count. */
final class CloudAnswer {

    private static final int LONGEST_DETAIL = 500;

    private CloudAnswer() {}

    enum Status {
        SYNCED,
        FAILED,
        CONFLICT;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param detail the cloud's own words, or null */
    record Result(Status status, String detail) {}

    /**
     * Reads the results by order.
     *
     * @throws Unreadable where the answer is none
     */
    static Map<Long, Result> read(ObjectMapper json, byte[] answer) {
        JsonNode results;
        try {
            results = json.readTree(answer).path("results");
        } catch (JsonProcessingException e) {
            throw new Unreadable("The cloud answered with something that is no JSON");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!results.isArray()) {
            throw new Unreadable("The cloud's answer has no list of results");
        }
        Map<Long, Result> byOrder = new HashMap<>();
        for (JsonNode result : results) {
            Long orderId = OrderIds.of(result.path("order_id"));
            Status status = status(result.path("status").asText());
            if (orderId != null && status != null) {
                byOrder.putIfAbsent(orderId, new Result(status, detail(result.path("detail"))));
            }
        }
        return byOrder;
    }

    private static Status status(String text) {
        for (Status status : Status.values()) {
            if (status.text().equals(text)) {
                return status;
            }
        }
        return null;
    }

    private static String detail(JsonNode detail) {
        String text = detail.isMissingNode() || detail.isNull() ? null : detail.isTextual() ? detail.asText() : detail.toString();
        return text == null ? null : shortened(text.replace("\0", ""));
    }

    static String shortened(String text) {
        return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL);
    }

    /** An answer that says nothing of any order. */
    static final class Unreadable extends RuntimeException {
        Unreadable(String message) {
            super(message);
        }
    }
}
