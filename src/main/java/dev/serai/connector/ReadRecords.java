package dev.serai.connector;

import dev.serai.record.Page;
import java.time.Instant;
import java.util.List;

/**
 * Records that were read one after the other.
 *
 * @param highest their latest modified time, or null
 * @param hash    the sum of their hashes, by which the same records are recognised
 */
record ReadRecords(Page page, Instant highest, long hash) {

    static ReadRecords none(String entityType) {
        return new ReadRecords(new Page(entityType, List.of(), List.of()), null, 0);
    }

    int size() {
        return page.size();
    }
}
