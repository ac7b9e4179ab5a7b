package dev.serai.run;

import dev.serai.database.Bind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.BitSet;
import java.util.UUID;
import org.roaringbitmap.longlong.PeekableLongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Which records a full run has met, so that the others are known to be gone from the source. A compressed set of record ids: some bits a
 * record in memory, written piece by piece beside the run's position, so that a run that is taken over has it again.
 */
public final class SeenRecords {

    private final JdbcTemplate jdbc;
    private final UUID runId;
    private final Roaring64Bitmap all = new Roaring64Bitmap();
    private Roaring64Bitmap unsaved = new Roaring64Bitmap();

    public SeenRecords(JdbcTemplate jdbc, UUID runId) {
        this.jdbc = jdbc;
        this.runId = runId;
        jdbc.query(
                "SELECT ids FROM run_seen WHERE run_id = ?",
                ps -> Bind.to(ps).uuid(runId),
                rs -> {
                    all.or(read(rs.getBytes(1)));
                });
    }

    public void add(long[] recordIds) {
        unsaved.add(recordIds);
    }

    /** Which of the ids from {@code from} on were met, a bit an id, the lowest first; as short as the highest one in these {@code count} allows. */
    public byte[] bits(long from, int count) {
        BitSet bits = new BitSet();
        PeekableLongIterator ids = all.getLongIteratorFrom(from);
        while (ids.hasNext() && ids.peekNext() < from + count) {
            bits.set((int) (ids.next() - from));
        }
        return bits.toByteArray();
    }

    /** Writes what came since the last time, in the current transaction. */
    public void save(long page) {
        if (unsaved.isEmpty()) {
            return;
        }
        unsaved.runOptimize();
        byte[] ids = write(unsaved);
        jdbc.update("INSERT INTO run_seen (run_id, page, ids) VALUES (?, ?, ?)", runId, page, ids);
    }

    /** The transaction of the last {@link #save} is committed. */
    public void saved() {
        all.or(unsaved);
        unsaved = new Roaring64Bitmap();
    }

    /** The run is over; nobody will ask again. */
    public void forget() {
        jdbc.update("DELETE FROM run_seen WHERE run_id = ?", runId);
    }

    private static Roaring64Bitmap read(byte[] bytes) {
        try {
            Roaring64Bitmap ids = new Roaring64Bitmap();
            ids.deserialize(new DataInputStream(new ByteArrayInputStream(bytes)));
            return ids;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] write(Roaring64Bitmap ids) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ids.serialize(new DataOutputStream(bytes));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
