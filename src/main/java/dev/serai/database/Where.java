package dev.serai.database;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The conditions of a query, of which some are there only where they narrow it: so the server plans for what is asked, and not once for
 * everything that could be. A condition may name its value several times.
 */
public final class Where {

    private final StringBuilder sql;
    private final List<Value> values = new ArrayList<>();

    private interface Value {
        void bind(Bind bind) throws SQLException;
    }

    private Where(String always) {
        sql = new StringBuilder(" WHERE ").append(always);
    }

    /** @param always the condition that is always there */
    public static Where that(String always) {
        return new Where(always);
    }

    public Where andText(String condition, String value) {
        return and(condition, value, bind -> bind.text(value));
    }

    public Where andUuid(String condition, UUID value) {
        return and(condition, value, bind -> bind.uuid(value));
    }

    public Where andNumber(String condition, Long value) {
        return and(condition, value, bind -> bind.number(value));
    }

    public Where andAt(String condition, Instant value) {
        return and(condition, value, bind -> bind.at(value));
    }

    private Where and(String condition, Object value, Value bound) {
        if (value != null) {
            sql.append(" AND (").append(condition).append(')');
            condition.chars().filter(c -> c == '?').forEach(c -> values.add(bound));
        }
        return this;
    }

    public String sql() {
        return sql.toString();
    }

    /** Binds the values, in the order in which the conditions were added. */
    public Bind bind(Bind bind) throws SQLException {
        for (Value value : values) {
            value.bind(bind);
        }
        return bind;
    }
}
