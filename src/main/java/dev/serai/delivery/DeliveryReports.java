package dev.serai.delivery;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Tells how deliveries to stores go, and sends parked ones again. */
@Component("deliveryReports")
public class DeliveryReports {

    private static final String HEALTH = """
            WITH tally AS (
                SELECT store_id, sum(delivered) AS delivered, sum(failed) AS failed, sum(dead) AS dead FROM delivery_tally
                WHERE hour >= date_trunc('hour', ?::timestamptz) GROUP BY store_id),
            waiting AS (
                SELECT store_id, count(*) FILTER (WHERE state = 'WAITING') AS waiting, count(*) FILTER (WHERE state = 'DEAD') AS parked
                FROM delivery WHERE store_id IS NOT NULL GROUP BY store_id)
            SELECT store_id, coalesce(waiting, 0), coalesce(parked, 0), coalesce(delivered, 0), coalesce(failed, 0),
                   coalesce(consecutive_failures, 0), last_success_at, last_failure_at, last_error, gone_at
            FROM tally FULL JOIN waiting USING (store_id) FULL JOIN delivery_endpoint USING (store_id) ORDER BY store_id""";

    private static final String LIST = """
            SELECT id, webhook_id, entity_type, record_key, state, deleted, changed_fields, attempts, next_attempt_at, created_at, last_error,
                   attempt_log::text
            FROM delivery WHERE store_id = ? AND state = ? AND (?::text IS NULL OR entity_type = ?) ORDER BY id DESC LIMIT ? OFFSET ?""";

    /** The state says that they were parked; attempts begin anew, the log and the webhook-id stay. */
    private static final String REPLAY = """
            UPDATE delivery SET state = 'WAITING', attempts = 0, next_attempt_at = ?::timestamptz
            WHERE id IN (
                SELECT id FROM delivery
                WHERE store_id = ? AND state = 'DEAD' AND (?::text IS NULL OR entity_type = ?) AND (?::timestamptz IS NULL OR created_at < ?)
                ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)""";

    private final JdbcTemplate jdbc;
    private final DeliveryWake wake;
    private final Clock clock;

    DeliveryReports(JdbcTemplate jdbc, DeliveryWake wake, Clock clock) {
        this.jdbc = jdbc;
        this.wake = wake;
        this.clock = clock;
    }

    /**
     * How deliveries to a store go.
     *
     * @param waiting             on their way
     * @param parked              given up until someone replays them
     * @param delivered           attempts that got their 2xx since the hour asked for
     * @param failed              attempts that did not
     * @param consecutiveFailures attempts that failed since the last one that did not
     * @param goneAt              when the endpoint answered 410, or null
     */
    public record Health(
            String storeId,
            long waiting,
            long parked,
            long delivered,
            long failed,
            int consecutiveFailures,
            Instant lastSuccessAt,
            Instant lastFailureAt,
            String lastError,
            Instant goneAt) {}

    /** One delivery; {@code changedFields} and {@code attempts} are JSON. */
    public record Item(
            long id,
            String webhookId,
            String entityType,
            String entityId,
            boolean parked,
            boolean deleted,
            String changedFields,
            int attempts,
            Instant nextAttemptAt,
            Instant createdAt,
            String lastError,
            String attemptLog) {}

    /** Of every store that has had deliveries, by its id; attempts are counted from the hour of {@code since} on. */
    public List<Health> health(Instant since) {
        return jdbc.query(HEALTH, ps -> Bind.to(ps).at(since), (rs, row) -> new Health(
                rs.getString(1), rs.getLong(2), rs.getLong(3), rs.getLong(4), rs.getLong(5), rs.getInt(6),
                Columns.instant(rs, 7), Columns.instant(rs, 8), rs.getString(9), Columns.instant(rs, 10)));
    }

    /** A store's deliveries, the newest first. */
    public List<Item> list(String storeId, boolean parked, String entityType, int page, int limit) {
        return jdbc.query(
                LIST,
                ps -> Bind.to(ps).text(storeId).text(parked ? "DEAD" : "WAITING").text(entityType).text(entityType)
                        .integer(limit).number((page - 1L) * limit),
                (rs, row) -> new Item(
                        rs.getLong(1), rs.getString(2), rs.getString(3), rs.getString(4), rs.getString(5).equals("DEAD"), rs.getBoolean(6),
                        rs.getString(7), rs.getInt(8), Columns.instant(rs, 9), Columns.instant(rs, 10), rs.getString(11), rs.getString(12)));
    }

    public long count(String storeId, boolean parked, String entityType) {
        return jdbc.query(
                        "SELECT count(*) FROM delivery WHERE store_id = ? AND state = ? AND (?::text IS NULL OR entity_type = ?)",
                        ps -> Bind.to(ps).text(storeId).text(parked ? "DEAD" : "WAITING").text(entityType).text(entityType),
                        (rs, row) -> rs.getLong(1))
                .get(0);
    }

    /**
     * Sends parked deliveries of a store again, the oldest first.
     *
     * @param entityType null for all
     * @param before     only those made before; null for all
     * @param limit      at most so many
     * @return how many
     */
    public int replay(String storeId, String entityType, Instant before, int limit) {
        Instant now = clock.instant();
        int replayed = jdbc.update(REPLAY, ps -> Bind.to(ps)
                .at(now).text(storeId).text(entityType).text(entityType).at(before).at(before).integer(limit));
        wake.deliver();
        return replayed;
    }
}
