package dev.serai.connector;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Failure;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.change.Timestamps;
import dev.serai.record.Page;
import dev.serai.record.Page.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one record after the other out of an answer: its key, its parent, its modified time and its hash, in one pass and without
 * building a tree. The payload is the record's own stretch of the answer.
 */
final class RecordReader {

    /**
     * No clock, and no local time that is taken for UTC, is so far ahead. A record with such a time, 9999-12-31 say, counts as modified when
     * it was read: it would keep out every later change.
     */
    private static final Duration FAR_AHEAD = Duration.ofDays(1);

    private final RecordedStream answer;
    private final JsonParser parser;
    private final Mapping mapping;
    private final List<String> keyFields;
    private final List<String> parentFields;

    private List<Change> changes = new ArrayList<>();
    private List<Refused> refused = new ArrayList<>();
    private Instant highest;
    private long hash;
    private long bytes;

    RecordReader(RecordedStream answer, JsonParser parser, Mapping mapping) {
        this.answer = answer;
        this.parser = parser;
        this.mapping = mapping;
        this.keyFields = mapping.keyFields();
        this.parentFields = mapping.parent() == null ? List.of() : mapping.parent().keyFields();
    }

    /** How many records were read since the last page was taken, and how many bytes they have. */
    int records() {
        return changes.size() + refused.size();
    }

    long bytes() {
        return bytes;
    }

    /** What was read since the last time. */
    ReadRecords take() {
        ReadRecords taken = new ReadRecords(new Page(mapping.entityType(), changes, refused), highest, hash);
        changes = new ArrayList<>(changes.size());
        refused = new ArrayList<>();
        highest = null;
        hash = 0;
        bytes = 0;
        return taken;
    }

    /** Reads the value at which the parser stands. */
    void read() throws IOException {
        long from = offset();
        answer.forgetBefore(from);
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            skip();
            refuse(from, Failure.invalid("NOT_AN_OBJECT", "The record is no JSON object"));
            return;
        }
        ContentHash content = new ContentHash();
        String[] key = new String[keyFields.size()];
        String[] parent = new String[parentFields.size()];
        String modified = null;
        boolean modifiedIsNumber = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            long valueFrom = offset();
            note(key, keyFields, name, token);
            note(parent, parentFields, name, token);
            if (name.equals(mapping.modifiedField())) {
                modified = scalar(token);
                modifiedIsNumber = token == JsonToken.VALUE_NUMBER_INT;
            }
            skip();
            long valueTo = end();
            content.add(name, answer.bytes(), answer.index(valueFrom), answer.index(valueTo));
        }
        finish(from, content.value(), key, parent, modified, modifiedIsNumber);
    }

    private void finish(long from, long content, String[] key, String[] parent, String modified, boolean modifiedIsNumber) throws IOException {
        String payload = text(from);
        Instant modifiedAt = mapping.readAt();
        Failure failure = keyFailure(key);
        String joinedKey = failure == null ? RecordKey.join(Arrays.asList(key)) : null;
        if (joinedKey != null && joinedKey.length() > RecordKey.MAX_LENGTH) {
            joinedKey = null;
            failure = Failure.invalid("INVALID_KEY", "The key is longer than " + RecordKey.MAX_LENGTH + " characters");
        }
        if (modified != null) {
            try {
                Instant told = modifiedIsNumber ? Timestamps.parse(Long.parseLong(modified)) : Timestamps.parse(modified);
                if (!told.isAfter(mapping.readAt().plus(FAR_AHEAD))) {
                    modifiedAt = told;
                    highest = highest == null || told.isAfter(highest) ? told : highest;
                }
            } catch (DateTimeException | NumberFormatException e) {
                failure = failure != null ? failure : Failure.invalid("INVALID_TIME", mapping.modifiedField() + " is no time: " + shown(modified));
            }
        }
        if (failure == null && parentFields.size() > 0 && someButNotAll(parent)) {
            failure = Failure.invalid("MISSING_PARENT", "The record names its parent only in part (" + String.join(", ", parentFields) + ")");
        }
        Change change = change(joinedKey, modifiedAt, parentKey(parent), content, payload);
        if (failure == null) {
            changes.add(change);
        } else {
            refused.add(new Refused(change, failure));
        }
        count(change, from);
    }

    private void count(Change change, long from) {
        hash += change.hash();
        bytes += end() - from;
    }

    private Failure keyFailure(String[] key) {
        for (int i = 0; i < key.length; i++) {
            if (key[i] == null || key[i].isBlank()) {
                return Failure.invalid("MISSING_KEY", "The record has no value in its key field " + keyFields.get(i));
            }
            if (key[i].indexOf('\0') >= 0) {
                return Failure.invalid("INVALID_KEY", "The key field " + keyFields.get(i) + " contains a NUL character");
            }
        }
        return null;
    }

    private RecordKey parentKey(String[] parent) {
        return parent.length > 0 && complete(parent) ? new RecordKey(mapping.parent().entityName(), RecordKey.join(Arrays.asList(parent))) : null;
    }

    private static boolean complete(String[] parts) {
        return Arrays.stream(parts).noneMatch(part -> part == null || part.isBlank());
    }

    private static boolean someButNotAll(String[] parts) {
        return !complete(parts) && Arrays.stream(parts).anyMatch(part -> part != null && !part.isBlank());
    }

    private void refuse(long from, Failure failure) {
        String payload = text(from);
        Change change = change(null, mapping.readAt(), null, ContentHash.of(payload.getBytes(StandardCharsets.UTF_8)), payload);
        refused.add(new Refused(change, failure));
        count(change, from);
    }

    private Change change(String key, Instant modifiedAt, RecordKey parent, long hash, String payload) {
        return new Change(
                mapping.source(),
                mapping.storeId(),
                mapping.runId(),
                mapping.entityType(),
                key,
                Operation.UPSERT,
                modifiedAt,
                parent,
                null,
                hash,
                payload,
                true);
    }

    private void note(String[] values, List<String> fields, String name, JsonToken token) throws IOException {
        int place = fields.indexOf(name);
        if (place >= 0) {
            String text = scalar(token);
            values[place] = token.isNumeric() ? RecordKey.number(text) : text;
        }
    }

    /** The text of a string or number; null for everything that can be neither key nor time. */
    private String scalar(JsonToken token) throws IOException {
        return switch (token) {
            case VALUE_STRING, VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getText();
            default -> null;
        };
    }

    private void skip() throws IOException {
        parser.skipChildren();
        parser.finishToken();
    }

    private long offset() {
        return parser.currentTokenLocation().getByteOffset();
    }

    private long end() {
        return parser.currentLocation().getByteOffset();
    }

    private String text(long from) {
        int start = answer.index(from);
        return new String(answer.bytes(), start, answer.index(end()) - start, StandardCharsets.UTF_8);
    }

    private static String shown(String value) {
        return value.length() <= 40 ? value : value.substring(0, 40) + "…";
    }
}
