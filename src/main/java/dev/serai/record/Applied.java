package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.RecordKey;
import dev.serai.journal.Entry;
import java.util.Map;

/**
 * A change that was applied, and what it made of its record.
 *
 * @param entry   with the change as it came in, its place in the journal, the version and the rule
 * @param content of the record after it, as JSON; null for a delete that carried nothing
 * @param deleted whether the record is deleted by it
 * @param changed the fields that have another value now, each with the one before (null for none); null where that is not known, because
 *                no store syncs the entity and the whole was replaced unseen, and for a new record
 */
public record Applied(Entry entry, String content, boolean deleted, Map<String, JsonNode> changed) {

    public RecordKey key() {
        return entry.change().recordKey();
    }
}
