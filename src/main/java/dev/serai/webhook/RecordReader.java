package dev.serai.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.change.Timestamps;
import dev.serai.rules.FieldFilter;
import dev.serai.store.EntityConfig;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes changes of a webhook's records: finds key, time and delete marker as the store has configured them, and cuts what is not synced. */
final class RecordReader {

    /** How a NUL is written as JSON, by whomever: PostgreSQL keeps none in a record. */
    private static final String WRITTEN_NUL = "\\u0000";

    private final String storeId;
    private final EntityConfig entity;
    private final String event;
    private final Instant now;
    private final Set<String> kept;
    private final List<Problem> problems = new ArrayList<>();

    /**
     * @param event by which a repetition of the webhook is recognised
     * @param now   the time of a record that tells none
     */
    RecordReader(String storeId, EntityConfig entity, String event, Instant now) {
        this.storeId = storeId;
        this.entity = entity;
        this.event = event;
        this.now = now;
        this.kept = kept(entity);
    }

    /** @throws ApiException 422 with every record that cannot be read; then none is accepted */
    List<Change> read(WebhookBody body) {
        List<Change> changes = new ArrayList<>(body.records().size());
        for (int i = 0; i < body.records().size(); i++) {
            changes.add(read(body, i));
        }
        if (!problems.isEmpty()) {
            throw new ApiException(422, "INVALID_DATA_FORMAT", problems.get(0).msg(), problems);
        }
        return changes;
    }

    private Change read(WebhookBody body, int place) {
        if (!(body.records().get(place) instanceof ObjectNode record)) {
            problem(place, null, "Record " + place + " is no JSON object", "type_error.dict");
            return null;
        }
        boolean deleted = body.deletes() || entity.deleteMarker().marks(record);
        String key = key(record, place);
        Instant modifiedAt = modifiedAt(record, body.eventTime(), place);
        ObjectNode cut = cut(record);
        String payload = text(cut);
        if (payload.contains(WRITTEN_NUL)) {
            refuseNul(cut, place);
        }
        return new Change(
                storeId,
                storeId,
                null,
                entity.type(),
                key,
                deleted ? Operation.DELETE : Operation.UPSERT,
                modifiedAt,
                null,
                event + "/" + place,
                hash(cut),
                payload,
                false,
                true);
    }

    private String key(ObjectNode record, int place) {
        List<String> parts = new ArrayList<>();
        for (String field : entity.keyFields()) {
            JsonNode value = record.path(field);
            String text = part(value);
            if (text.isBlank()) {
                problem(place, field, "Record " + place + " has no value in its key field " + field, "value_error.missing");
            } else if (text.indexOf('\0') >= 0) {
                problem(place, field, "The key field " + field + " of record " + place + " contains a NUL character", "value_error.key");
            }
            parts.add(text);
        }
        String key = RecordKey.join(parts);
        if (key.length() > RecordKey.MAX_LENGTH) {
            problem(place, entity.keyFields().get(0),
                    "The key of record " + place + " is longer than " + RecordKey.MAX_LENGTH + " characters", "value_error.key");
        }
        return key;
    }

    /** A text may also tell of the escape, as in a manual of JSON; only the character itself is refused. Keys have been looked at. */
    private void refuseNul(ObjectNode record, int place) {
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            String name = field.getKey();
            if (name.indexOf('\0') >= 0) {
                problem(place, null, "The name of a field of record " + place + " contains a NUL character", "value_error");
            } else if (!entity.keyFields().contains(name) && hasNul(field.getValue())) {
                problem(place, name, "The field " + name + " of record " + place + " contains a NUL character", "value_error");
            }
        }
    }

    private static boolean hasNul(JsonNode value) {
        if (value.isTextual()) {
            return value.textValue().indexOf('\0') >= 0;
        }
        for (Map.Entry<String, JsonNode> field : value.properties()) {
            if (field.getKey().indexOf('\0') >= 0 || hasNul(field.getValue())) {
                return true;
            }
        }
        return value.isArray() && IntStream.range(0, value.size()).anyMatch(i -> hasNul(value.get(i)));
    }

    private static String part(JsonNode part) {
        if (part.isNumber()) {
            return RecordKey.number(part.asText());
        }
        return part.isTextual() ? part.textValue() : "";
    }

    private Instant modifiedAt(ObjectNode record, JsonNode eventTime, int place) {
        JsonNode value = record.hasNonNull(entity.modifiedField()) ? record.get(entity.modifiedField()) : eventTime;
        if (value == null || value.isNull()) {
            return now;
        }
        try {
            return value.isIntegralNumber() && value.canConvertToLong()
                    ? Timestamps.parse(value.longValue())
                    : Timestamps.parse(value.asText());
        } catch (DateTimeException e) {
            problem(place, entity.modifiedField(), "The field " + entity.modifiedField() + " of record " + place + " is no time",
                    "value_error.datetime");
            return now;
        }
    }

    private void problem(int place, String field, String message, String type) {
        problems.add(new Problem(field == null ? List.of("body", place) : List.of("body", place, field), message, type));
    }

    /** The fields that are synced, those that name the record, and those that a filter asks about; empty for all. */
    private static Set<String> kept(EntityConfig entity) {
        if (entity.fields().isEmpty()) {
            return Set.of();
        }
        Set<String> kept = new HashSet<>(entity.fields());
        kept.addAll(entity.keyFields());
        entity.filters().stream().map(FieldFilter::field).forEach(kept::add);
        return kept;
    }

    /** What is excluded, or not listed, is never stored. */
    private ObjectNode cut(ObjectNode record) {
        ObjectNode cut = record.objectNode();
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            String name = field.getKey();
            if (!entity.excludeFields().contains(name) && (kept.isEmpty() || kept.contains(name))) {
                cut.set(name, field.getValue());
            }
        }
        return cut;
    }

    private static long hash(ObjectNode record) {
        ContentHash hash = new ContentHash();
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            byte[] value = Hmac.utf8(text(field.getValue()));
            hash.add(field.getKey(), value, 0, value.length);
        }
        return hash.value();
    }

    private static String text(JsonNode node) {
        try {
            return WebhookBody.JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("What was read as JSON cannot be written as JSON", e);
        }
    }
}
