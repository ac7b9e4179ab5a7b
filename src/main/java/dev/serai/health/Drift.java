package dev.serai.health;

import dev.serai.database.Bind;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Compares what stores are known to have with what the platform has, some thousand records at a time, round after round. A record differs
 * where a synced field that the store has is another on the platform, where only one side has deleted it, where a delivery of it to the store is
 * parked, or where a person has to decide.
 */
@Component("drift")
public class Drift {

    private static final String COMPARE = """
            WITH chunk AS MATERIALIZED (
                SELECT entity_type, record_key, store_id, base, delivered, deleted FROM store_record
                WHERE (entity_type, record_key, store_id) > (?, ?, ?) ORDER BY entity_type, record_key, store_id LIMIT ?),
            compared AS (
                SELECT c.store_id, c.entity_type, count(*) AS records, count(*) FILTER (WHERE
                    store_differs(store_base(c.base, c.delivered, c.store_id, r.payload, r.stamps), c.deleted, r.payload, coalesce(r.deleted, true),
                                  e.config)
                    OR e.config ->> 'direction' <> 'to_platform' AND EXISTS (
                        SELECT FROM delivery q WHERE q.store_id = c.store_id AND q.entity_type = c.entity_type AND q.record_key = c.record_key
                          AND q.state = 'DEAD')
                    OR EXISTS (SELECT FROM conflict f WHERE f.status = 'pending' AND f.entity_type = c.entity_type
                                 AND f.record_key = c.record_key AND f.store_id = c.store_id)) AS differing
                FROM chunk c JOIN store_entity e USING (store_id, entity_type)
                LEFT JOIN record r ON r.entity_type = c.entity_type AND r.record_key = c.record_key
                GROUP BY 1, 2 ORDER BY 1, 2),
            summed AS (
                INSERT INTO store_drift AS d (store_id, entity_type, round_records, round_differing)
                SELECT store_id, entity_type, records, differing FROM compared
                ON CONFLICT (store_id, entity_type) DO UPDATE SET round_records = d.round_records + excluded.round_records,
                    round_differing = d.round_differing + excluded.round_differing)
            SELECT entity_type, record_key, store_id, (SELECT count(*) FROM chunk) FROM chunk
            ORDER BY entity_type DESC, record_key DESC, store_id DESC LIMIT 1""";

    private static final String FINISH = """
            UPDATE store_drift SET records = round_records, differing = round_differing, measured_at = ?, round_records = 0,
                round_differing = 0""";

    private final JdbcTemplate jdbc;
    private final Clock clock;
    private final int batch;

    Drift(JdbcTemplate jdbc, Clock clock, @Value("${serai.alerts.drift-batch}") int batch) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.batch = batch;
    }

    private record Position(String entityType, String key, String storeId, long read) {

        static final Position START = new Position("", "", "", 0);
    }

    /** Compares the next records, unless another hub is at it; at the end of a round its result is what the metrics tell. */
    @Transactional
    public void compareSome() {
        List<Position> own = jdbc.query(
                "SELECT entity_type, record_key, store_id FROM store_drift_round FOR UPDATE SKIP LOCKED",
                (rs, row) -> new Position(rs.getString(1), rs.getString(2), rs.getString(3), 0));
        if (own.isEmpty()) {
            return;
        }
        Position reached = compare(own.get(0));
        if (reached.read() < batch) {
            jdbc.update(FINISH, ps -> Bind.to(ps).at(clock.instant()));
            reached = Position.START;
        }
        moveTo(reached);
    }

    private Position compare(Position from) {
        return jdbc.query(
                        COMPARE,
                        ps -> Bind.to(ps).text(from.entityType()).text(from.key()).text(from.storeId()).integer(batch),
                        (rs, row) -> new Position(rs.getString(1), rs.getString(2), rs.getString(3), rs.getLong(4)))
                .stream()
                .findFirst()
                .orElse(Position.START);
    }

    private void moveTo(Position position) {
        jdbc.update(
                "UPDATE store_drift_round SET entity_type = ?, record_key = ?, store_id = ?",
                ps -> Bind.to(ps).text(position.entityType()).text(position.key()).text(position.storeId()));
    }
}
