package dev.serai.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.database.Where;
import dev.serai.rules.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads orders as the face shows them. */
@Component
class OrderTable {

    private static final String READ = """
            SELECT r.record_key, r.payload::text, r.version, r.modified_at, s.status, s.ordered_at
            FROM record r JOIN sale s ON s.order_key = r.record_key
            WHERE r.entity_type = 'orders' AND r.record_key = ANY (?::text[]) AND NOT r.deleted""";

    /** Null where the number is taken. */
    private static final String NEXT = """
            SELECT CASE WHEN NOT EXISTS (SELECT 1 FROM pos_order WHERE order_id = n) THEN n END
            FROM (SELECT nextval('order_number') AS n) AS next""";

    private final JdbcTemplate jdbc;

    OrderTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Which orders; null for no limit by that. */
    record Selection(String customerId, String status, int page, int limit) {

        private Where where() {
            return Where.that("true").andText("customer_id = ?", customerId).andText("status = ?", status);
        }
    }

    /** The integer by which the POS face will know a new order: the next one that no terminal has given to an order of its own. */
    long nextNumber() {
        Long free = null;
        while (free == null) {
            free = jdbc.queryForObject(NEXT, Long.class);
        }
        return free;
    }

    Optional<ObjectNode> find(String id) {
        return Optional.ofNullable(read(List.of(id)).get(id));
    }

    /** The newest first. */
    List<ObjectNode> page(Selection selection) {
        Where where = selection.where();
        List<String> ids = jdbc.query(
                "SELECT order_key FROM sale" + where.sql() + " ORDER BY ordered_at DESC, order_key LIMIT ? OFFSET ?",
                ps -> where.bind(Bind.to(ps)).integer(selection.limit()).number((selection.page() - 1L) * selection.limit()),
                (rs, row) -> rs.getString(1));
        Map<String, ObjectNode> orders = read(ids);
        return ids.stream().map(orders::get).filter(Objects::nonNull).toList();
    }

    long count(Selection selection) {
        Where where = selection.where();
        return jdbc.query("SELECT count(*) FROM sale" + where.sql(), ps -> where.bind(Bind.to(ps)), (rs, row) -> rs.getLong(1)).get(0);
    }

    private Map<String, ObjectNode> read(List<String> ids) {
        Map<String, ObjectNode> orders = new HashMap<>();
        jdbc.query(READ, ps -> Bind.to(ps).texts(ids), rs -> {
            orders.put(rs.getString(1), view(rs));
        });
        return orders;
    }

    private ObjectNode view(ResultSet rs) throws SQLException {
        ObjectNode order = Values.object().put("id", rs.getString(1));
        order.setAll(Values.object(rs.getString(2)));
        order.put("id", rs.getString(1));
        order.put("status", rs.getString(5));
        order.put("orderedAt", Columns.instant(rs, 6).toString());
        order.put("version", rs.getInt(3));
        return order.put("updatedAt", Columns.instant(rs, 4).toString());
    }
}
