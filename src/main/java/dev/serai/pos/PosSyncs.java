package dev.serai.pos;

import dev.serai.database.Bind;
import dev.serai.run.Run;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Begins syncs: gathers a terminal's orders into a batch, which the route {@code pos-orders} then sends. A newer sync takes over what an
 * older one has not sent yet, so that an order belongs to one batch at a time.
 */
@Component("posSyncs")
@Transactional
public class PosSyncs {

    /** One sync at a time looks for a free name. */
    private static final int NAMING_LOCK = 7_303;

    /** An order that is just being sent stays so, and counts for the new batch when its answer comes. */
    private static final String TAKE = """
            UPDATE pos_order o SET batch_no = ?, attempts = 0, next_attempt_at = ?::timestamptz,
                state = CASE WHEN o.state = 'in_progress' THEN o.state ELSE 'pending' END
            FROM (SELECT order_id FROM pos_order WHERE terminal_id = ? AND (%s) ORDER BY order_id FOR UPDATE) t
            WHERE o.order_id = t.order_id RETURNING o.order_id""";

    private static final String TAKE_THESE = TAKE.formatted("order_id = ANY (?::bigint[])");

    private static final String TAKE_UNSYNCED = TAKE.formatted(
            "state = ANY (?::text[]) OR state = 'synced' AND synced_at BETWEEN ?::timestamptz AND ?::timestamptz");

    private static final String TAKE_NEW = TAKE.formatted("state = 'pending' AND batch_no IS NULL");

    /** The second after, where the name of this one is taken: names are unique, and keep the form that callers read. */
    private static final String FREE_NAME = """
            SELECT name FROM generate_series(0, 86400) s,
                LATERAL (SELECT ? || to_char(?::timestamptz AT TIME ZONE 'UTC' + make_interval(secs => s), '_YYYYMMDD_HH24MISS') AS name) n
            WHERE NOT EXISTS (SELECT 1 FROM pos_batch b WHERE b.batch_id = n.name) ORDER BY s LIMIT 1""";

    private static final String BEGIN = """
            WITH run AS (
                INSERT INTO run (run_id, kind, trigger, entity_type, connector, sync_type, request, status, message, created_at, started_at,
                                 completed_at)
                SELECT b.run_id, ?, b.trigger, ?, 'pos', 'incremental',
                    jsonb_build_object('entityName', b.entity, 'connector', 'pos', 'keyFields', jsonb_build_array('order_id'),
                                       'syncType', 'INCREMENTAL', 'pageSize', 0, 'allowMassDelete', false),
                    CASE WHEN b.total = 0 THEN 'completed' ELSE 'running' END, b.message, b.now, b.now,
                    CASE WHEN b.total = 0 THEN b.now END
                FROM (SELECT ?::uuid, ?, ?, ?::int, ?, ?::timestamptz) b(run_id, trigger, entity, total, message, now)
                RETURNING run_id, started_at, completed_at)
            INSERT INTO pos_batch (batch_no, batch_id, run_id, terminal_id, total, started_at, completed_at)
            SELECT ?, ?, run_id, ?, ?, started_at, completed_at FROM run""";

    private final JdbcTemplate jdbc;
    private final PosSettings settings;
    private final Clock clock;

    PosSyncs(JdbcTemplate jdbc, PosSettings settings, Clock clock) {
        this.jdbc = jdbc;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A sync that has begun.
     *
     * @param orderIds what it took, in order
     */
    record Begun(String batchId, List<Long> orderIds) {}

    /** Whether any of these orders is the terminal's. */
    @Transactional(readOnly = true)
    boolean hasAny(String terminalId, Collection<Long> orderIds) {
        return Boolean.TRUE.equals(jdbc.query(
                "SELECT EXISTS (SELECT 1 FROM pos_order WHERE terminal_id = ? AND order_id = ANY (?::bigint[]))",
                ps -> Bind.to(ps).text(terminalId).numbers(orderIds, Long::longValue), rs -> rs.next() && rs.getBoolean(1)));
    }

    /** Takes those of these orders that are the terminal's, whatever their state; with none, nothing begins and the batch id is null. */
    Begun these(String terminalId, Collection<Long> orderIds) {
        return begin("manual", terminalId, false, TAKE_THESE, bind -> bind.numbers(orderIds, Long::longValue));
    }

    /**
     * Takes what waits.
     *
     * @param unsynced whether orders are taken that were never synced: new ones, ones that wait for a retry, and ones that failed
     * @param recent   whether orders are taken that were synced a short time ago
     */
    Begun all(String terminalId, boolean unsynced, boolean recent) {
        Instant now = clock.instant();
        List<String> states = unsynced ? List.of("pending", "retry", "failed") : List.of();
        Instant since = recent ? now.minus(settings.recent()) : Instant.EPOCH;
        return begin("manual", terminalId, true, TAKE_UNSYNCED, bind -> bind.texts(states).at(since).at(recent ? now : Instant.EPOCH));
    }

    /** Takes the terminal's new orders; the route {@code pos-orders-scheduled} asks for it. Orders of an older sync are in its care. */
    public void scheduled(String terminalId) {
        if (settings.isEnabled(terminalId)) {
            begin("auto", terminalId, false, TAKE_NEW, bind -> {});
        }
    }

    @FunctionalInterface
    private interface Binding {
        void to(Bind bind) throws SQLException;
    }

    private Begun begin(String trigger, String terminalId, boolean evenIfEmpty, String take, Binding selection) {
        Instant now = clock.instant();
        Long batchNo = jdbc.queryForObject("SELECT nextval(pg_get_serial_sequence('pos_batch', 'batch_no'))", Long.class);
        PreparedStatementSetter setter = ps -> selection.to(Bind.to(ps).number(batchNo).at(now).text(terminalId));
        List<Long> taken = jdbc.query(take, setter, (rs, row) -> rs.getLong(1)).stream().sorted().toList();
        if (taken.isEmpty() && !evenIfEmpty) {
            return new Begun(null, taken);
        }
        jdbc.execute("SELECT pg_advisory_xact_lock(" + NAMING_LOCK + ")");
        String batchId = jdbc.query(FREE_NAME, ps -> Bind.to(ps).text(trigger).at(now), (rs, row) -> rs.getString(1)).get(0);
        String message = taken.isEmpty() ? "There was nothing to send" : "Orders are being sent";
        jdbc.update(BEGIN, ps -> Bind.to(ps)
                .text(Run.POS).text(OrderView.ENTITY)
                .uuid(UUID.randomUUID()).text(trigger.equals("auto") ? "scheduled" : trigger).text(OrderView.ENTITY)
                .integer(taken.size()).text(message).at(now)
                .number(batchNo).text(batchId).text(terminalId).integer(taken.size()));
        return new Begun(batchId, taken);
    }
}
