package dev.serai.pos;

import dev.serai.database.Bind;
import dev.serai.deadletter.RetryPolicy;
import dev.serai.pos.CloudAnswer.Result;
import dev.serai.run.HubNumber;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The orders on their way to the cloud. A hub that dies leaves its claims to the others, who see by its advisory lock that it is gone: no
 * lease, and no clock to compare. An order may so be sent twice, with the same key both times.
 */
@Component
public class CloudOrders {

    private static final String ALIVE = """
            (SELECT objid::int FROM pg_locks WHERE locktype = 'advisory' AND classid = %d AND objsubid = 2 AND granted
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))""".formatted(HubNumber.HUB_LOCKS);

    /** A time further ahead than any delay was set by a clock that has been put back since: it is due. */
    private static final String DUE = """
            batch_no IS NOT NULL AND terminal_id <> ALL (?::text[]) AND (
                state IN ('pending', 'retry') AND (next_attempt_at <= ?::timestamptz OR next_attempt_at > ?::timestamptz)
                OR state = 'in_progress' AND (owner NOT IN %s OR owner = ? AND claim <> ALL (?::uuid[])))""".formatted(ALIVE);

    private static final String CLAIM = """
            WITH turn AS (
                SELECT batch_no FROM pos_order WHERE %1$s ORDER BY next_attempt_at, order_id LIMIT 1 FOR UPDATE SKIP LOCKED),
            due AS (
                SELECT order_id FROM pos_order WHERE batch_no = (SELECT batch_no FROM turn) AND %1$s
                ORDER BY order_id LIMIT ? FOR UPDATE SKIP LOCKED),
            claimed AS (
                UPDATE pos_order o SET state = 'in_progress', owner = ?, claim = ?, sent_version = o.version
                FROM due d WHERE o.order_id = d.order_id
                RETURNING o.order_id, o.idempotency_key, o.version, o.attempts, o.record_key, o.terminal_id, o.batch_no)
            SELECT c.order_id, c.idempotency_key, c.version, c.attempts, r.payload, c.terminal_id, b.batch_id
            FROM claimed c JOIN pos_batch b USING (batch_no)
                LEFT JOIN record r ON r.entity_type = 'orders' AND r.record_key = c.record_key
            ORDER BY c.order_id""".formatted(DUE);

    /** What was changed while it was being sent waits for the next sync. */
    private static final String SETTLE = """
            WITH mine AS (
                SELECT order_id, batch_no FROM pos_order WHERE order_id = ANY (?::bigint[]) AND claim = ? ORDER BY order_id FOR UPDATE),
            settled AS (
                UPDATE pos_order o SET
                    state = CASE WHEN r.state = 'synced' AND o.version > o.sent_version THEN 'pending' ELSE r.state END,
                    attempts = CASE WHEN r.state IN ('retry', 'failed') THEN o.attempts + 1 ELSE 0 END,
                    next_attempt_at = r.next::timestamptz,
                    synced_at = CASE WHEN r.state = 'synced' THEN ?::timestamptz ELSE o.synced_at END,
                    last_error = r.detail, owner = NULL, claim = NULL,
                    batch_no = CASE WHEN r.state = 'synced' AND o.version > o.sent_version THEN NULL ELSE o.batch_no END
                FROM mine m JOIN unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) AS r(order_id, state, detail, next) USING (order_id)
                WHERE o.order_id = m.order_id
                RETURNING m.batch_no, r.state)
            UPDATE pos_batch b SET synced = b.synced + n.synced, failed = b.failed + n.failed
            FROM (SELECT batch_no, count(*) FILTER (WHERE state = 'synced') AS synced,
                      count(*) FILTER (WHERE state IN ('failed', 'conflict')) AS failed
                  FROM settled GROUP BY batch_no) n
            WHERE b.batch_no = n.batch_no""";

    /** What a newer sync took over, and what was deleted, was not synced by this one. */
    private static final String COMPLETE = """
            WITH done AS (
                UPDATE pos_batch b SET completed_at = ?::timestamptz, failed = b.total - b.synced
                WHERE completed_at IS NULL AND NOT EXISTS (
                    SELECT 1 FROM pos_order o WHERE o.batch_no = b.batch_no AND o.state IN ('pending', 'retry', 'in_progress'))
                RETURNING run_id, completed_at, total, synced)
            UPDATE run r SET status = 'completed', completed_at = d.completed_at,
                message = 'Synced ' || d.synced || ' of ' || d.total || ' orders'
            FROM done d WHERE r.run_id = d.run_id""";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final HubNumber hub;
    private final PosSettings settings;
    private final RetryPolicy retries;
    private final Clock clock;
    private final Set<UUID> inHand = ConcurrentHashMap.newKeySet();

    CloudOrders(JdbcTemplate jdbc, TransactionTemplate transaction, HubNumber hub, PosSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.hub = hub;
        this.settings = settings;
        this.retries = RetryPolicy.maxRetries(settings.retries().max())
                .withBackoff(settings.retries().firstDelay(), settings.retries().maxDelay());
        this.clock = clock;
    }

    /** An order as it is sent: its content is the record's, as JSON. */
    record Order(long orderId, UUID idempotencyKey, int version, int attempts, String content) {}

    /** Orders of one sync that go out in one request. */
    record Claim(UUID id, String terminalId, String batchId, List<Order> orders) {}

    /**
     * The next orders that are due, this hub's from now on; null where there are none. One claim at a time on a hub: a claim that another
     * thread makes just now would be missing in {@code inHand}, and look as if nobody cared for it.
     */
    synchronized Claim claim() {
        UUID id = UUID.randomUUID();
        inHand.add(id);
        try {
            Claim claim = take(id);
            if (claim == null) {
                inHand.remove(id);
            }
            return claim;
        } catch (RuntimeException e) {
            inHand.remove(id);
            throw e;
        }
    }

    private Claim take(UUID id) {
        Instant now = clock.instant();
        Instant beyond = now.plus(settings.retries().maxDelay()).plus(Duration.ofSeconds(10));
        int number = hub.get();
        Set<String> switchedOff = settings.switchedOff();
        String[] names = new String[2];
        List<Order> orders = jdbc.query(
                CLAIM,
                ps -> Bind.to(ps)
                        .texts(switchedOff).at(now).at(beyond).integer(number).uuids(inHand, claim -> claim)
                        .texts(switchedOff).at(now).at(beyond).integer(number).uuids(inHand, claim -> claim)
                        .integer(settings.batch())
                        .integer(number).uuid(id),
                (rs, row) -> {
                    names[0] = rs.getString(6);
                    names[1] = rs.getString(7);
                    return new Order(rs.getLong(1), rs.getObject(2, UUID.class), rs.getInt(3), rs.getInt(4), rs.getString(5));
                });
        return orders.isEmpty() ? null : new Claim(id, names[0], names[1], orders);
    }

    /** Settles what the cloud said of each order; what it did not speak of is tried again, or has failed for good. */
    void settle(Claim claim, Map<Long, Result> results, String otherwise) {
        Instant now = clock.instant();
        List<Settled> all = claim.orders().stream().map(order -> settled(order, results.get(order.orderId()), otherwise, now)).toList();
        try {
            transaction.executeWithoutResult(status -> {
                jdbc.update(SETTLE, ps -> Bind.to(ps)
                        .numbers(all, Settled::orderId)
                        .uuid(claim.id())
                        .at(now)
                        .numbers(all, Settled::orderId)
                        .texts(all, Settled::state)
                        .texts(all, Settled::detail)
                        .instants(all, Settled::next));
                completeBatches();
            });
        } finally {
            inHand.remove(claim.id());
        }
    }

    private record Settled(long orderId, String state, String detail, Instant next) {}

    private Settled settled(Order order, Result result, String otherwise, Instant now) {
        if (result != null && result.status() != CloudAnswer.Status.FAILED) {
            return new Settled(order.orderId(), result.status().text(), result.detail(), null);
        }
        String detail = result == null ? otherwise : result.detail();
        return retries.allows(order.attempts())
                ? new Settled(order.orderId(), "retry", detail, retries.next(now, order.attempts(), ThreadLocalRandom.current()))
                : new Settled(order.orderId(), "failed", detail, null);
    }

    /** Ends the syncs of which nothing is on its way any more, whoever sent the last of it. */
    void completeBatches() {
        jdbc.update(COMPLETE, ps -> Bind.to(ps).at(clock.instant()));
    }
}
