package dev.serai.record;

import dev.serai.change.RecordKey;
import dev.serai.journal.Entry;

/**
 * A change that was applied, and what it made of its record.
 *
 * @param entry   with the change as it came in, its place in the journal, the version and the rule
 * @param content of the record after it, as JSON; null for a delete that carried nothing
 */
public record Applied(Entry entry, String content) {

    public RecordKey key() {
        return entry.change().recordKey();
    }
}
