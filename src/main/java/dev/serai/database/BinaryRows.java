package dev.serai.database;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * New rows in COPY's binary form, value by value in the columns' order. PostgreSQL writes what it is given so many rows at a time, and
 * logs them so; an {@code INSERT} does both row by row. It gets them while they are made.
 */
public final class BinaryRows {

    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final long EPOCH_2000 = 946_684_800L;
    private static final int NULL = -1;
    private static final short END = -1;
    private static final int CHUNK = 1 << 16;
    private static final int SMALL = 32;

    private final CopyIn copy;
    private final short columns;
    private ByteBuffer chunk = ByteBuffer.allocate(CHUNK);

    private BinaryRows(CopyIn copy, int columns) {
        this.copy = copy;
        this.columns = (short) columns;
        chunk.put(HEADER);
    }

    /**
     * Copies rows of so many columns each, in the current transaction.
     *
     * @param target the table with its columns
     * @param rows   makes the rows
     */
    public static void copy(String target, int columns, JdbcTemplate jdbc, Consumer<BinaryRows> rows) {
        jdbc.execute((ConnectionCallback<Long>) connection -> copy(target, columns, connection, rows));
    }

    private static long copy(String target, int columns, Connection connection, Consumer<BinaryRows> rows) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn("COPY " + target + " FROM STDIN (FORMAT binary)");
        try {
            BinaryRows binary = new BinaryRows(copy, columns);
            rows.accept(binary);
            binary.room(SMALL).putShort(END);
            binary.send();
            return copy.endCopy();
        } catch (Interrupted e) {
            throw e.failure;
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /** Begins the next row; each column of it has to follow. */
    public BinaryRows row() {
        room(SMALL).putShort(columns);
        return this;
    }

    public BinaryRows number(Long value) {
        return value == null ? nothing() : number(value.longValue());
    }

    public BinaryRows number(long value) {
        room(SMALL).putInt(Long.BYTES).putLong(value);
        return this;
    }

    public BinaryRows integer(Integer value) {
        if (value == null) {
            return nothing();
        }
        room(SMALL).putInt(Integer.BYTES).putInt(value);
        return this;
    }

    public BinaryRows small(short value) {
        room(SMALL).putInt(Short.BYTES).putShort(value);
        return this;
    }

    public BinaryRows flag(boolean value) {
        room(SMALL).putInt(1).put((byte) (value ? 1 : 0));
        return this;
    }

    public BinaryRows text(String value) {
        if (value == null) {
            return nothing();
        }
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(SMALL + utf8.length).putInt(utf8.length).put(utf8);
        return this;
    }

    public BinaryRows json(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        room(SMALL + utf8.length).putInt(utf8.length + 1).put((byte) 1).put(utf8);
        return this;
    }

    public BinaryRows uuid(UUID value) {
        if (value == null) {
            return nothing();
        }
        room(SMALL).putInt(2 * Long.BYTES).putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits());
        return this;
    }

    public BinaryRows at(Instant value) {
        return value == null ? nothing() : number(micros(value));
    }

    /** Microseconds since 2000, rounded as PostgreSQL rounds text; what it cannot hold becomes a number that it refuses as out of range. */
    static long micros(Instant value) {
        long micros = value.getNano() / 1_000;
        int rest = value.getNano() % 1_000;
        boolean up = rest > 500 || rest == 500 && micros % 2 == 1;
        try {
            long seconds = Math.multiplyExact(value.getEpochSecond() - EPOCH_2000, 1_000_000L);
            return Math.addExact(seconds, up ? micros + 1 : micros);
        } catch (ArithmeticException e) {
            // The outermost numbers would mean infinity, and be accepted.
            return value.getEpochSecond() > 0 ? Long.MAX_VALUE - 1 : Long.MIN_VALUE + 1;
        }
    }

    private BinaryRows nothing() {
        room(SMALL).putInt(NULL);
        return this;
    }

    /** The chunk with room for so many bytes more. */
    private ByteBuffer room(int bytes) {
        if (chunk.remaining() < bytes) {
            send();
            chunk = chunk.capacity() < bytes ? ByteBuffer.allocate(bytes) : chunk.clear();
        }
        return chunk;
    }

    private void send() {
        try {
            copy.writeToCopy(chunk.array(), 0, chunk.position());
        } catch (SQLException e) {
            throw new Interrupted(e);
        }
    }

    /** Carries a failure out of the rows' making. */
    private static final class Interrupted extends RuntimeException {

        private final transient SQLException failure;

        Interrupted(SQLException failure) {
            super(failure);
            this.failure = failure;
        }
    }
}
