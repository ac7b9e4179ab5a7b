package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.journal.LedgerLines;
import dev.serai.record.Page.Refused;
import dev.serai.record.RecordTable.Known;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * What remains of a page, or of several that follow each other, when it is compared with what is known.
 *
 * @param lines     what is as known, counted for the ledger
 * @param recordIds of the records that were met
 * @param different changes to be decided, in order
 * @param keys      their keys: another page with one of these was compared with what no longer holds when they are written
 * @param existing  those of which there is a record
 */
public record Compared(
        LedgerLines lines, long[] recordIds, List<Change> different, Set<String> keys, Set<RecordKey> existing, List<Refused> refused) {

    /** Nothing yet. */
    public static Compared nothing() {
        return new Compared(new LedgerLines(), new long[0], new ArrayList<>(), new HashSet<>(), new HashSet<>(), new ArrayList<>());
    }

    /** {@code known} has nothing of a key without a record. A key that is on the page twice is different the second time if it is the first. */
    static Compared of(Page page, Map<String, Known> known) {
        Compared compared = nothing();
        Change like = null;
        int unchanged = 0;
        for (Change change : page.changes()) {
            Known record = known.get(change.key());
            if (isUnchanged(change, record) && !compared.keys.contains(change.key())) {
                if (like != null && !countsLike(like, change)) {
                    compared.countUnchanged(like, unchanged);
                    unchanged = 0;
                }
                like = change;
                unchanged++;
            } else {
                compared.different.add(change);
                compared.keys.add(change.key());
                if (record != null) {
                    compared.existing.add(change.recordKey());
                }
            }
        }
        compared.countUnchanged(like, unchanged);
        compared.refused.addAll(page.refused());
        long[] ids = known.values().stream().mapToLong(Known::id).toArray();
        return new Compared(compared.lines, ids, compared.different, compared.keys, compared.existing, compared.refused);
    }

    private static boolean countsLike(Change one, Change other) {
        return Objects.equals(one.runId(), other.runId()) && Objects.equals(one.storeId(), other.storeId());
    }

    private void countUnchanged(Change like, int n) {
        if (n > 0) {
            lines.accepted(like.runId(), like.storeId(), like.entityType(), n);
            lines.outcome(like.runId(), like.storeId(), like.entityType(), Outcome.UNCHANGED, null, n);
        }
    }

    private static boolean isUnchanged(Change change, Known record) {
        return change.operation() == Operation.UPSERT && record != null && !record.deleted() && record.hash() == change.hash();
    }

    /** With the page that follows; they must not have a key in common. */
    public Compared and(Compared next) {
        lines.addAll(next.lines);
        different.addAll(next.different);
        keys.addAll(next.keys);
        existing.addAll(next.existing);
        refused.addAll(next.refused);
        long[] ids = LongStream.concat(LongStream.of(recordIds), LongStream.of(next.recordIds)).toArray();
        return new Compared(lines, ids, different, keys, existing, refused);
    }

    public boolean hasDifferences() {
        return differences() > 0;
    }

    public int differences() {
        return different.size() + refused.size();
    }
}
