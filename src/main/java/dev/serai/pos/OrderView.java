package dev.serai.pos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.database.Bind;
import dev.serai.record.Applied;
import dev.serai.record.AppliedListener;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Keeps {@code pos_order} in step with the records of entity {@code orders}, in the transaction that applies them. A new order waits to be
 * synced; one that was synced, or had failed, waits again when its content changes. What a connector pulls for no store is no order of
 * a terminal, unless it is one already.
 */
@Component
class OrderView implements AppliedListener {

    static final String ENTITY = "orders";

    private static final String PUSHED = "device-event-";

    private static final String UPSERT = """
            WITH known AS (
                SELECT i.*, o.order_id
                FROM unnest(?::text[], ?::text[], ?::bigint[], ?::int4[], ?::boolean[])
                    AS i(record_key, terminal_id, wanted, version, pushed)
                LEFT JOIN pos_order o USING (record_key)),
            -- Two terminals that give their orders the same number: which of them is meant, only a person knows.
            clashing AS (
                UPDATE pos_order o SET state = 'conflict', version = k.version, owner = NULL, claim = NULL, next_attempt_at = NULL,
                    last_error = 'Terminal ' || k.terminal_id || ' has pushed an order with this number, too'
                FROM known k WHERE k.order_id = o.order_id AND k.pushed AND k.terminal_id <> o.terminal_id
                RETURNING o.order_id),
            terminals AS (
                INSERT INTO pos_terminal (terminal_id, first_seen)
                SELECT DISTINCT terminal_id, ?::timestamptz FROM known k
                WHERE NOT EXISTS (SELECT 1 FROM pos_terminal t WHERE t.terminal_id = k.terminal_id)
                ORDER BY terminal_id ON CONFLICT DO NOTHING),
            numbered AS (
                SELECT k.record_key, k.terminal_id, k.version, coalesce(k.order_id,
                    CASE WHEN k.wanted IS NOT NULL AND row_number() OVER (PARTITION BY k.wanted ORDER BY k.record_key) = 1
                              AND NOT EXISTS (SELECT 1 FROM pos_order o WHERE o.order_id = k.wanted)
                         THEN k.wanted ELSE nextval('pos_order_number') END) AS order_id
                FROM known k
                WHERE NOT (k.pushed AND EXISTS (SELECT 1 FROM pos_order o WHERE o.order_id = k.order_id AND o.terminal_id <> k.terminal_id)))
            INSERT INTO pos_order AS o (order_id, record_key, terminal_id, version)
            SELECT order_id, record_key, terminal_id, version FROM numbered ORDER BY order_id
            ON CONFLICT (record_key) DO UPDATE SET
                terminal_id = excluded.terminal_id,
                version = excluded.version,
                batch_no = CASE WHEN o.state IN ('synced', 'failed') THEN NULL ELSE o.batch_no END,
                attempts = CASE WHEN o.state IN ('synced', 'failed') THEN 0 ELSE o.attempts END,
                state = CASE WHEN o.state IN ('synced', 'failed') THEN 'pending' ELSE o.state END""";

    private final JdbcTemplate jdbc;
    private final ObjectMapper json;
    private final PosSettings settings;

    OrderView(JdbcTemplate jdbc, ObjectMapper json, PosSettings settings) {
        this.jdbc = jdbc;
        this.json = json;
        this.settings = settings;
    }

    /** @param pushed whether a device has made it, and not somebody changed it who knows it */
    private record Order(String recordKey, String terminalId, Long wantedId, int version, boolean pushed) {}

    @Override
    public void applied(List<Applied> applied, Instant now) {
        Map<String, Applied> latest = new LinkedHashMap<>();
        for (Applied change : applied) {
            if (change.key().entityType().equals(ENTITY)) {
                latest.put(change.key().key(), change);
            }
        }
        dropPulled(latest);
        List<String> deleted = latest.values().stream().filter(OrderView::isDelete).map(change -> change.key().key()).toList();
        if (!deleted.isEmpty()) {
            jdbc.update("DELETE FROM pos_order WHERE record_key = ANY (?::text[])", ps -> Bind.to(ps).texts(deleted));
        }
        List<Order> orders = latest.values().stream().filter(change -> !isDelete(change)).map(this::order).toList();
        if (!orders.isEmpty()) {
            upsert(orders, now);
        }
    }

    private static boolean isDelete(Applied change) {
        return change.deleted();
    }

    private static boolean isPulled(Applied change) {
        return change.entry().change().fromPull() && change.entry().change().storeId() == null;
    }

    /** Leaves out what a connector pulled and what is no order here. */
    private void dropPulled(Map<String, Applied> latest) {
        List<String> pulled = latest.values().stream().filter(OrderView::isPulled).map(change -> change.key().key()).toList();
        if (!pulled.isEmpty()) {
            Set<String> known = new HashSet<>(jdbc.query("SELECT record_key FROM pos_order WHERE record_key = ANY (?::text[])",
                    ps -> Bind.to(ps).texts(pulled), (rs, row) -> rs.getString(1)));
            latest.values().removeIf(change -> isPulled(change) && !known.contains(change.key().key()));
        }
    }

    private void upsert(List<Order> orders, Instant now) {
        jdbc.update(UPSERT, ps -> Bind.to(ps)
                .texts(orders, Order::recordKey)
                .texts(orders, Order::terminalId)
                .nullableNumbers(orders, Order::wantedId)
                .integers(orders, Order::version)
                .flags(orders, Order::pushed)
                .at(now));
    }

    private Order order(Applied change) {
        JsonNode content = content(change);
        String key = change.key().key();
        String terminal = content.path("terminal_id").asText("").strip();
        Long wanted = OrderIds.of(content.path("order_id"));
        return new Order(
                key,
                terminal.isEmpty() || terminal.length() > Pos.LONGEST_ID ? settings.terminalId() : terminal,
                wanted == null ? OrderIds.of(key) : wanted,
                change.entry().version(),
                isPushed(change));
    }

    private static boolean isPushed(Applied change) {
        String event = change.entry().change().eventId();
        return event != null && event.startsWith(PUSHED);
    }

    private JsonNode content(Applied change) {
        try {
            return json.readTree(change.content());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The content of order " + change.key().key() + " is no JSON", e);
        }
    }
}
