package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import java.time.Clock;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** What happens to a store's sync, told on its live stream with the caller's transaction, and kept for clients that come back. */
@Component
public class StoreEvents {

    /** The channel on which hubs tell each other that there are events. */
    public static final String CHANNEL = "store_event";

    private final JdbcTemplate jdbc;
    private final Clock clock;

    StoreEvents(JdbcTemplate jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * One event.
     *
     * @param event {@code sync_started}, {@code sync_progress}, {@code sync_completed}, {@code conflict_detected},
     *              {@code conflict_resolved}, {@code alert_raised}, {@code alert_cleared}
     */
    public record StoreEvent(String storeId, String event, ObjectNode data) {}

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
}
