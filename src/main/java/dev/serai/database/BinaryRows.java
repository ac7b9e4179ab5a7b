package dev.serai.database;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * New rows in COPY's binary form, value by value in the columns' order. PostgreSQL writes what it is given so many rows at a time, and
 * logs them so; an {@code INSERT} does both row by row.
 */
public final class BinaryRows {

    private static final byte[] HEADER = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0};
    private static final long EPOCH_2000 = 946_684_800L;
    private static final int NULL = -1;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    private final DataOutputStream out = new DataOutputStream(bytes);
    private final int columns;

    /** Rows of so many columns each. */
    public BinaryRows(int columns) {
        this.columns = columns;
        write(() -> out.write(HEADER));
    }

    /** Begins the next row; each column of it has to follow. */
    public BinaryRows row() {
        return write(() -> out.writeShort(columns));
    }

    public BinaryRows number(Long value) {
        return value == null ? nothing() : write(() -> {
            out.writeInt(Long.BYTES);
            out.writeLong(value);
        });
    }

    public BinaryRows integer(Integer value) {
        return value == null ? nothing() : write(() -> {
            out.writeInt(Integer.BYTES);
            out.writeInt(value);
        });
    }

    public BinaryRows flag(boolean value) {
        return write(() -> {
            out.writeInt(1);
            out.writeBoolean(value);
        });
    }

    public BinaryRows text(String value) {
        return value == null ? nothing() : write(() -> {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        });
    }

    public BinaryRows json(String value) {
        return write(() -> {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length + 1);
            out.writeByte(1);
            out.write(utf8);
        });
    }

    public BinaryRows uuid(UUID value) {
        return value == null ? nothing() : write(() -> {
            out.writeInt(2 * Long.BYTES);
            out.writeLong(value.getMostSignificantBits());
            out.writeLong(value.getLeastSignificantBits());
        });
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

    /** Copies the rows in the current transaction. {@code target} is the table with its columns. */
    public void copyInto(String target, JdbcTemplate jdbc) {
        write(() -> out.writeShort(-1));
        jdbc.execute((ConnectionCallback<Long>) connection -> copy(connection, "COPY " + target + " FROM STDIN (FORMAT binary)"));
    }

    private long copy(Connection connection, String sql) throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
        try {
            byte[] all = bytes.toByteArray();
            copy.writeToCopy(all, 0, all.length);
            return copy.endCopy();
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private BinaryRows nothing() {
        return write(() -> out.writeInt(NULL));
    }

    private interface Write {
        void run() throws IOException;
    }

    private BinaryRows write(Write write) {
        try {
            write.run();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
