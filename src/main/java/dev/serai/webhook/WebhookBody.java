package dev.serai.webhook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import dev.serai.web.ApiException;
import dev.serai.web.HalfCharacters;
import dev.serai.web.UnreadableJson;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * What a webhook's body holds.
 *
 * @param records   one, or those of an array
 * @param eventId   the id of an event that wraps its record, as Stripe's do; else null
 * @param eventTime that event's time, or null
 * @param deletes   whether that event says that its record is gone
 */
record WebhookBody(List<JsonNode> records, String eventId, JsonNode eventTime, boolean deletes) {

    private static final int MOST_RECORDS = 1_000;
    /** As a number may have where it is written without an exponent, which is how PostgreSQL keeps it. */
    private static final int MOST_DIGITS = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;
    /** Numbers stay as they were written: a price of 12.50 is no 12.5. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .nodeFactory(new BoundedNumbers())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static {
        JSON.getFactory().setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(UnreadableJson.DEEPEST).build());
    }

    /** Refuses 1e130000, which is short to send and long to keep. */
    private static final class BoundedNumbers extends JsonNodeFactory {

        @Override
        public ValueNode numberNode(BigDecimal number) {
            if (Math.max(number.precision(), Math.abs((long) number.scale())) > MOST_DIGITS) {
                throw ApiException.of(422, "A number of the body has more than " + MOST_DIGITS + " digits where it is written without an exponent");
            }
            return super.numberNode(number);
        }
    }

    /** @throws ApiException where it is no JSON, or neither a record nor an array */
    static WebhookBody read(byte[] bytes, SignatureStyle style) {
        JsonNode body = parse(bytes);
        if (body.isArray()) {
            if (body.size() > MOST_RECORDS) {
                throw ApiException.of(413, "The webhook has " + body.size() + " records; send at most " + MOST_RECORDS + " in one");
            }
            List<JsonNode> records = new ArrayList<>(body.size());
            body.forEach(records::add);
            return new WebhookBody(records, null, null, false);
        }
        if (!body.isObject()) {
            throw ApiException.of(422, "The body is neither a record nor an array of records");
        }
        JsonNode wrapped = body.path("data").path("object");
        if (style == SignatureStyle.STRIPE && body.path("object").asText().equals("event") && wrapped.isObject()) {
            String id = body.path("id").asText("");
            return new WebhookBody(
                    List.of(wrapped), id.isEmpty() ? null : id, body.get("created"), body.path("type").asText().endsWith(".deleted"));
        }
        return new WebhookBody(List.of(body), null, null, false);
    }

    private static JsonNode parse(byte[] bytes) {
        try {
            JsonNode body = JSON.readTree(bytes);
            if (body == null || body.isMissingNode()) {
                throw ApiException.badRequest("The webhook has no body; send a record or an array of records");
            }
            HalfCharacters.refuse(bytes, body, 400);
            return body;
        } catch (JacksonException e) {
            throw ApiException.badRequest("The body " + UnreadableJson.reason(e, UnreadableJson.DEEPEST));
        } catch (IOException e) {
            throw new IllegalStateException("Bytes in memory could not be read", e);
        }
    }
}
