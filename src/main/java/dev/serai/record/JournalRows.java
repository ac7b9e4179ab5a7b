package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.change.RecordKey;
import dev.serai.database.Columns;
import dev.serai.journal.Entry;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

/** Reads entries back from the journal, which statements call {@code j}. */
public final class JournalRows {

    public static final String COLUMNS = """
            j.seq, j.accepted_at, j.source, j.store_id, j.run_id, j.entity_type, j.record_key, j.operation, j.modified_at,
            j.parent_entity, j.parent_key, j.event_id, j.hash, j.payload, j.outcome, j.from_pull, j.partial""";

    private JournalRows() {}

    /** The entry in a row that has {@link #COLUMNS} behind {@code before} others. */
    public static Entry read(ResultSet rs, int before, int attempts) throws SQLException {
        String parentEntity = rs.getString(before + 10);
        Change change = new Change(
                rs.getString(before + 3),
                rs.getString(before + 4),
                rs.getObject(before + 5, UUID.class),
                rs.getString(before + 6),
                rs.getString(before + 7),
                Operation.valueOf(rs.getString(before + 8)),
                Columns.instant(rs, before + 9),
                parentEntity == null ? null : new RecordKey(parentEntity, rs.getString(before + 11)),
                rs.getString(before + 12),
                rs.getLong(before + 13),
                rs.getString(before + 14),
                rs.getBoolean(before + 16),
                rs.getBoolean(before + 17));
        Outcome outcome = Outcome.valueOf(rs.getString(before + 15));
        return Entry.journalled(change, Columns.instant(rs, before + 2), rs.getLong(before + 1), outcome, attempts);
    }
}
