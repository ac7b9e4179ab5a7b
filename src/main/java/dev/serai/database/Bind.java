package dev.serai.database;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.postgresql.PGConnection;

/** Fills a statement's parameters from left to right; columns of many rows go as arrays, for {@code unnest}. */
public final class Bind {

    private final PreparedStatement statement;
    private int position;

    private Bind(PreparedStatement statement) {
        this.statement = statement;
    }

    public static Bind to(PreparedStatement statement) {
        return new Bind(statement);
    }

    public Bind text(String value) throws SQLException {
        statement.setString(++position, value);
        return this;
    }

    public Bind number(long value) throws SQLException {
        statement.setLong(++position, value);
        return this;
    }

    public Bind integer(int value) throws SQLException {
        statement.setInt(++position, value);
        return this;
    }

    public Bind nullableInteger(Integer value) throws SQLException {
        statement.setObject(++position, value, Types.INTEGER);
        return this;
    }

    public Bind nullableNumber(Long value) throws SQLException {
        statement.setObject(++position, value, Types.BIGINT);
        return this;
    }

    public Bind flag(boolean value) throws SQLException {
        statement.setBoolean(++position, value);
        return this;
    }

    public Bind bytes(byte[] value) throws SQLException {
        statement.setBytes(++position, value);
        return this;
    }

    public Bind uuid(UUID value) throws SQLException {
        statement.setObject(++position, value, Types.OTHER);
        return this;
    }

    public Bind at(Instant value) throws SQLException {
        statement.setObject(++position, value == null ? null : timestamp(value), Types.TIMESTAMP_WITH_TIMEZONE);
        return this;
    }

    public <T> Bind texts(Collection<T> rows, Function<T, String> column) throws SQLException {
        String[] values = new String[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = column.apply(row);
        }
        return array("text", values);
    }

    public Bind texts(Collection<String> values) throws SQLException {
        return array("text", values.toArray(String[]::new));
    }

    public <T> Bind numbers(Collection<T> rows, ToLongFunction<T> column) throws SQLException {
        return array("int8", rows.stream().mapToLong(column).toArray());
    }

    /** Numbers of which some may be missing. */
    public <T> Bind nullableNumbers(Collection<T> rows, Function<T, Long> column) throws SQLException {
        return array("int8", rows.stream().map(column).toArray(Long[]::new));
    }

    public <T> Bind integers(Collection<T> rows, ToIntFunction<T> column) throws SQLException {
        return array("int4", rows.stream().mapToInt(column).toArray());
    }

    public <T> Bind flags(Collection<T> rows, Predicate<T> column) throws SQLException {
        boolean[] values = new boolean[rows.size()];
        int i = 0;
        for (T row : rows) {
            values[i++] = column.test(row);
        }
        return array("bool", values);
    }

    /** Flags of which some may be missing. */
    public <T> Bind nullableFlags(Collection<T> rows, Function<T, Boolean> column) throws SQLException {
        return array("bool", rows.stream().map(column).toArray(Boolean[]::new));
    }

    /** Instants travel as text and are cast in the statement: the driver has no binary array of them. */
    public <T> Bind instants(Collection<T> rows, Function<T, Instant> column) throws SQLException {
        return texts(rows, row -> {
            Instant value = column.apply(row);
            return value == null ? null : value.toString();
        });
    }

    public <T> Bind uuids(Collection<T> rows, Function<T, UUID> column) throws SQLException {
        return texts(rows, row -> {
            UUID value = column.apply(row);
            return value == null ? null : value.toString();
        });
    }

    /** Through the driver's own interface: JDBC's cannot name arrays of primitives. */
    private Bind array(String type, Object values) throws SQLException {
        PGConnection connection = statement.getConnection().unwrap(PGConnection.class);
        statement.setArray(++position, connection.createArrayOf(type, values));
        return this;
    }

    public static OffsetDateTime timestamp(Instant value) {
        return value.atOffset(ZoneOffset.UTC);
    }
}
