package dev.serai.database;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;

/** Reads what {@link Bind} writes. */
public final class Columns {

    private Columns() {}

    /** A {@code timestamptz} as an instant, or null. */
    public static Instant instant(ResultSet rs, int column) throws SQLException {
        OffsetDateTime value = rs.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    /** A {@code bigint[]} of which no element is null. */
    public static List<Long> numbers(ResultSet rs, int column) throws SQLException {
        return List.of((Long[]) rs.getArray(column).getArray());
    }
}
