package dev.serai.health;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of alerts. */
@Component
class AlertTable {

    /** The first half of this lock and what follows: whoever holds it evaluates, the other hubs let it be. */
    private static final int EVALUATION_LOCK = 7_305;

    private static final String COLUMNS = "alert_id, store_id, condition, value, threshold, message, raised_at, cleared_at";

    private static final String RAISE = """
            INSERT INTO alert (store_id, condition, threshold, value, message, raised_at)
            SELECT r.*, ?::timestamptz FROM unnest(?::text[], ?::text[], ?::float8[], ?::float8[], ?::text[]) AS r
            ON CONFLICT (store_id, condition) WHERE cleared_at IS NULL
            DO UPDATE SET value = excluded.value, threshold = excluded.threshold, message = excluded.message
                WHERE alert.value <> excluded.value OR alert.threshold <> excluded.threshold
            RETURNING\s""" + COLUMNS + ", xmax = 0";

    private static final String CLEAR = """
            UPDATE alert a SET cleared_at = ?::timestamptz
            WHERE cleared_at IS NULL AND NOT EXISTS (SELECT 1 FROM unnest(?::text[], ?::text[]) AS s(store_id, condition)
                                                     WHERE s.store_id = a.store_id AND s.condition = a.condition)
            RETURNING\s""" + COLUMNS;

    private static final String SELECTED = """
            FROM alert WHERE (?::text IS NULL OR store_id = ?) AND (?::text IS NULL OR condition = ?)
              AND (?::text IS NULL OR (cleared_at IS NULL) = (? = 'active'))""";

    private final JdbcTemplate jdbc;

    AlertTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** A condition that is met. */
    record Standing(String storeId, AlertCondition condition, double threshold, double value) {}

    /** Whether this transaction may evaluate; false where another hub is at it. */
    boolean mayEvaluate() {
        return Boolean.TRUE.equals(jdbc.queryForObject("SELECT pg_try_advisory_xact_lock(?, 0)", Boolean.class, EVALUATION_LOCK));
    }

    /** Raises what stands and was not raised; refreshes the values of the others. Answers the new ones. */
    List<Alert> raise(Collection<Standing> standing, Instant now) {
        if (standing.isEmpty()) {
            return List.of();
        }
        return jdbc.query(
                        RAISE,
                        ps -> Bind.to(ps)
                                .at(now)
                                .texts(standing, Standing::storeId)
                                .texts(standing, s -> s.condition().text())
                                .texts(standing, s -> Double.toString(s.threshold()))
                                .texts(standing, s -> Double.toString(s.value()))
                                .texts(standing, s -> s.condition().message(s.value(), s.threshold())),
                        (rs, row) -> rs.getBoolean(9) ? alert(rs, row) : null)
                .stream()
                .filter(alert -> alert != null)
                .toList();
    }

    /** Clears every alert that does not stand any more, and answers them. */
    List<Alert> clearOthers(Collection<Standing> standing, Instant now) {
        return jdbc.query(
                CLEAR,
                ps -> Bind.to(ps).at(now).texts(standing, Standing::storeId).texts(standing, s -> s.condition().text()),
                this::alert);
    }

    /** @param status {@code active}, {@code cleared} or null for both */
    List<Alert> list(String storeId, String condition, String status, int page, int limit) {
        return jdbc.query(
                "SELECT " + COLUMNS + " " + SELECTED + " ORDER BY alert_id DESC LIMIT ? OFFSET ?",
                ps -> bind(Bind.to(ps), storeId, condition, status).integer(limit).number((page - 1L) * limit),
                this::alert);
    }

    long count(String storeId, String condition, String status) {
        return jdbc.query(
                "SELECT count(*) " + SELECTED, ps -> bind(Bind.to(ps), storeId, condition, status), rs -> rs.next() ? rs.getLong(1) : 0L);
    }

    Map<String, Long> activeByStore() {
        Map<String, Long> active = new HashMap<>();
        jdbc.query("SELECT store_id, count(*) FROM alert WHERE cleared_at IS NULL GROUP BY 1", rs -> {
            active.put(rs.getString(1), rs.getLong(2));
        });
        return active;
    }

    private static Bind bind(Bind bind, String storeId, String condition, String status) throws SQLException {
        return bind.text(storeId).text(storeId).text(condition).text(condition).text(status).text(status);
    }

    private Alert alert(ResultSet rs, int row) throws SQLException {
        Instant cleared = Columns.instant(rs, 8);
        return new Alert(
                "alert_" + rs.getLong(1), rs.getString(2), rs.getString(3), cleared == null ? "active" : "cleared",
                rs.getDouble(4), rs.getDouble(5), rs.getString(6), Columns.instant(rs, 7), cleared);
    }
}
