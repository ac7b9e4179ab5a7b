package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** What happens to a store's sync, told on its live stream with the caller's transaction, and kept a while for clients that come back. */
@Component("storeEvents")
public class StoreEvents {

    /** The channel on which hubs tell each other that there are events. */
    public static final String CHANNEL = "store_event";

    /** However many there are within the time that they are kept. */
    private static final int MOST_KEPT = 1_000_000;

    /** A transaction in progress may still tell something: what began to write no earlier is not read yet. */
    private static final String SETTLED = "position < pg_snapshot_xmin(pg_current_snapshot())::text::bigint * 1048576";

    private final JdbcTemplate jdbc;
    private final Clock clock;
    private final Duration kept;

    StoreEvents(JdbcTemplate jdbc, Clock clock, @Value("${serai.stores.keep-events}") Duration kept) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.kept = kept;
    }

    /**
     * One event.
     *
     * @param event {@code sync_started}, {@code sync_progress}, {@code sync_completed}, {@code conflict_detected},
     *              {@code conflict_resolved}, {@code alert_raised}, {@code alert_cleared}
     */
    public record StoreEvent(String storeId, String event, ObjectNode data) {}

    /** An event that was told, with its place among all. */
    public record Told(long position, String storeId, String event, String data) {}

    /** Tells these events, in their order, with one statement. */
    public void tell(List<StoreEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        jdbc.execute(
                """
                WITH told AS (
                    INSERT INTO store_event (store_id, event, data, at)
                    SELECT e.store_id, e.event, e.data, ? FROM unnest(?::text[], ?::text[], ?::jsonb[]) AS e(store_id, event, data))
                SELECT pg_notify(?, '')""",
                (PreparedStatementCallback<Boolean>) ps -> {
                    Bind.to(ps)
                            .at(clock.instant())
                            .texts(events, StoreEvent::storeId)
                            .texts(events, StoreEvent::event)
                            .texts(events, e -> e.data().toString())
                            .text(CHANNEL);
                    return ps.execute();
                });
    }

    /** The place of the newest event that can be read. */
    public long newest() {
        return jdbc.queryForObject("SELECT coalesce(max(position), 0) FROM store_event WHERE " + SETTLED, Long.class);
    }

    /** The next events of all stores behind a place. */
    public List<Told> after(long position, int limit) {
        return jdbc.query(
                "SELECT position, store_id, event, data FROM store_event WHERE position > ? AND " + SETTLED + " ORDER BY position LIMIT ?",
                ps -> Bind.to(ps).number(position).integer(limit),
                StoreEvents::told);
    }

    /** The next events of one store behind a place. */
    public List<Told> after(String storeId, long position, int limit) {
        return jdbc.query(
                "SELECT position, store_id, event, data FROM store_event WHERE store_id = ? AND position > ? AND " + SETTLED
                        + " ORDER BY position LIMIT ?",
                ps -> Bind.to(ps).text(storeId).number(position).integer(limit),
                StoreEvents::told);
    }

    private static Told told(ResultSet rs, int row) throws SQLException {
        return new Told(rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4));
    }

    /** Forgets what is too old, or too much. */
    public void forgetOld() {
        jdbc.update("DELETE FROM store_event WHERE at < ?", ps -> Bind.to(ps).at(clock.instant().minus(kept)));
        jdbc.update(
                "DELETE FROM store_event WHERE position <= (SELECT position FROM store_event ORDER BY position DESC OFFSET ? LIMIT 1)",
                ps -> Bind.to(ps).integer(MOST_KEPT));
    }
}
