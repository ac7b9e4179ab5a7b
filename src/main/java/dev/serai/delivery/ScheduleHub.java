package dev.serai.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Forwards applied records to ScheduleHub, in order, an entity's batch a request. A batch is leased for the time of its request: where a hub
 * dies in between, it is sent again, so ScheduleHub may see a record twice but misses none.
 */
@Component("scheduleHub")
public class ScheduleHub {

    private static final Logger log = LoggerFactory.getLogger(ScheduleHub.class);

    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);
    private static final int MAX_RETRIES = 5;

    /** The oldest deliveries of the entity whose turn it is; none while an older batch of that entity is under way or waits for its retry. */
    private static final String CLAIM = """
            WITH turn AS (
                SELECT d.entity_type FROM delivery d
                WHERE d.target = ? AND d.state = 'WAITING' AND d.store_id IS NULL
                  AND d.id = (SELECT min(f.id) FROM delivery f
                              WHERE f.target = d.target AND f.entity_type = d.entity_type AND f.state = 'WAITING' AND f.store_id IS NULL)
                  AND d.next_attempt_at <= ?::timestamptz AND coalesce(d.leased_until, '-infinity') < ?::timestamptz
                ORDER BY d.id LIMIT 1 FOR UPDATE SKIP LOCKED),
            next AS (
                SELECT d.id FROM delivery d JOIN turn t ON t.entity_type = d.entity_type
                WHERE d.target = ? AND d.state = 'WAITING' AND d.store_id IS NULL ORDER BY d.id LIMIT ?),
            leased AS (
                UPDATE delivery d SET leased_until = ?::timestamptz FROM next n WHERE d.id = n.id
                RETURNING d.id, d.seq, d.accepted_at, d.entity_type, d.record_key, d.attempts)
            SELECT l.id, l.entity_type, l.record_key, l.attempts, j.operation = 'DELETE', j.payload
            FROM leased l LEFT JOIN journal j ON j.seq = l.seq AND j.accepted_at = l.accepted_at ORDER BY l.id""";

    private final JdbcTemplate jdbc;
    private final ObjectMapper json;
    private final Clock clock;
    private final int batch;

    ScheduleHub(JdbcTemplate jdbc, ObjectMapper json, Clock clock, @Value("${serai.deliveries.batch}") int batch) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
        this.batch = batch;
    }

    private record Delivery(long id, String entityType, String key, int attempts, boolean deleted, String payload) {}

    /** A batch on its way: the entity and the request's body. */
    public record Batch(String entityType, String body, List<Long> ids, int attempts) {}

    /** Leases the next batch, or answers null where nothing is due. */
    public Batch claim() {
        Instant now = clock.instant();
        List<Delivery> deliveries = jdbc.query(
                CLAIM,
                ps -> Bind.to(ps)
                        .text(Deliveries.SCHEDULE_HUB)
                        .at(now)
                        .at(now)
                        .text(Deliveries.SCHEDULE_HUB)
                        .integer(batch)
                        .at(now.plus(LEASE)),
                (rs, row) -> new Delivery(
                        rs.getLong(1), rs.getString(2), rs.getString(3), rs.getInt(4), rs.getBoolean(5), rs.getString(6)));
        if (deliveries.isEmpty()) {
            return null;
        }
        List<Long> ids = deliveries.stream().map(Delivery::id).toList();
        int attempts = deliveries.stream().mapToInt(Delivery::attempts).max().orElse(0);
        return new Batch(deliveries.get(0).entityType(), body(deliveries), ids, attempts);
    }

    private String body(List<Delivery> deliveries) {
        ObjectNode body = json.createObjectNode();
        ArrayNode records = body.putArray("records");
        for (Delivery delivery : deliveries) {
            records.add(record(delivery));
        }
        return body.toString();
    }

    private ObjectNode record(Delivery delivery) {
        ObjectNode record = json.createObjectNode();
        try {
            if (delivery.payload() != null && json.readTree(delivery.payload()) instanceof ObjectNode content) {
                record = content;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The journal's payload of " + delivery.key() + " is no JSON", e);
        }
        if (delivery.deleted()) {
            record.put("key", delivery.key());
            record.put("deleted", true);
        }
        return record;
    }

    /** ScheduleHub has the batch. */
    public void delivered(Batch batch) {
        jdbc.update("DELETE FROM delivery WHERE id = ANY (?::bigint[])", ps -> Bind.to(ps).numbers(batch.ids(), Long::longValue));
    }

    /** ScheduleHub did not take the batch: again later, or dead after the last retry. A permanent refusal is not tried again. */
    public void failed(Batch batch, boolean permanent, String reason) {
        boolean dead = permanent || batch.attempts() >= MAX_RETRIES;
        long delay = Math.min(LONGEST_DELAY.toMillis(), 1_000L << Math.min(batch.attempts(), 20));
        Instant next = clock.instant().plusMillis(delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1));
        jdbc.update(
                """
                UPDATE delivery SET attempts = attempts + 1, leased_until = NULL, last_error = ?, next_attempt_at = ?::timestamptz,
                    state = CASE WHEN ? THEN 'DEAD' ELSE 'WAITING' END WHERE id = ANY (?::bigint[])""",
                ps -> Bind.to(ps).text(reason).at(next).flag(dead).numbers(new ArrayList<>(batch.ids()), Long::longValue));
        log.warn(
                "ScheduleHub did not take {} records of {}: {}. {}",
                batch.ids().size(),
                batch.entityType(),
                reason,
                dead ? "They are parked as dead deliveries" : "They are sent again at " + next);
    }
}
