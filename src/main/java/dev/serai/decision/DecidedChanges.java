package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.journal.Entry;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** What a person decided, as changes. */
final class DecidedChanges {

    private DecidedChanges() {}

    /** @param store whose own value it is, so that the store is not told; null for one that every store is told */
    static Entry write(RecordKey record, String store, String field, JsonNode value, Stamp stamp, Instant now) {
        ObjectNode content = Values.object();
        content.set(field, Values.orNull(value));
        return entry(record, store, Operation.UPSERT, content, stamp, now);
    }

    static Entry delete(RecordKey record, String store, Stamp stamp, Instant now) {
        return entry(record, store, Operation.DELETE, null, stamp, now);
    }

    /** The record is there again. */
    static Entry revive(RecordKey record, String store, ObjectNode content, Stamp stamp, Instant now) {
        content.set(ConflictKey.EXISTENCE, BooleanNode.FALSE);
        return entry(record, store, Operation.UPSERT, content, stamp, now);
    }

    private static Entry entry(RecordKey record, String store, Operation operation, ObjectNode content, Stamp stamp, Instant now) {
        String json = content == null ? null : Values.write(content);
        long hash = json == null ? 0 : ContentHash.of(json.getBytes(StandardCharsets.UTF_8));
        Change change = new Change(
                Change.DECISION, store, null, record.entityType(), record.key(), operation, now, null, null, hash, json, false, true);
        return Entry.arriving(change, now).stampedAs(stamp);
    }
}
