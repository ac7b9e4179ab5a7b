package dev.serai.catalog;

import dev.serai.change.RecordKey;
import dev.serai.contract.ApiRequest;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.record.EditedRecords;
import dev.serai.rules.Values;
import dev.serai.web.ApiException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What is in stock: read, adjusted by deltas that add up, and watched for what runs low. */
@Component("inventory")
public class Inventory {

    /** More than anybody stores, and far from what a number holds. */
    private static final long MOST = 1_000_000_000_000L;

    private static final String LOW = """
            FROM (SELECT product_id, stock, ?::bigint AS threshold, changed_at FROM stock WHERE counted AND threshold IS NULL AND stock <= ?
                  UNION ALL
                  SELECT product_id, stock, threshold, changed_at FROM stock WHERE counted AND stock <= threshold) AS low""";

    private static final String LOW_WITH_NAMES = """
            SELECT l.product_id, coalesce(r.payload ->> 'name', r.payload ->> 'title'), l.stock, l.threshold, l.changed_at
            FROM (SELECT *\s""" + LOW + """
             ORDER BY stock, product_id LIMIT ? OFFSET ?) AS l
            JOIN record r ON r.entity_type = 'products' AND r.record_key = l.product_id
            ORDER BY l.stock, l.product_id""";

    private final Desk desk;
    private final JdbcTemplate jdbc;
    private final long defaultThreshold;

    Inventory(Desk desk, JdbcTemplate jdbc, @Value("${serai.catalog.low-stock}") long defaultThreshold) {
        this.desk = desk;
        this.jdbc = jdbc;
        this.defaultThreshold = defaultThreshold;
    }

    /** A product's stock and when it last changed. */
    public record Stock(String productId, long stock, Instant updatedAt) {}

    /** A product that runs low. */
    public record Alert(String productId, String name, long stock, long threshold, String type, Instant updatedAt) {}

    public Object stock(ApiRequest request) {
        String id = request.text("productId");
        List<Stock> found = jdbc.query(
                "SELECT product_id, stock, changed_at FROM stock WHERE product_id = ?",
                ps -> Bind.to(ps).text(id),
                (rs, row) -> new Stock(rs.getString(1), rs.getLong(2), Columns.instant(rs, 3)));
        return found.stream().findFirst().orElseThrow(() -> Products.unknown(id));
    }

    public Object adjust(ApiRequest request) {
        String id = request.body().get("productId").asText();
        long quantity = request.body().get("quantity").asLong();
        boolean adds = request.body().get("type").asText().equals("increment");
        RecordKey key = Catalog.product(id);
        return desk.make(List.of(key), records -> {
            long stock = Catalog.stock(Products.require(records, key).fields());
            if (!adds && stock < quantity) {
                throw new ApiException(409, "INSUFFICIENT_STOCK", "There are " + stock + " of product " + id + ", not " + quantity
                        + ". Nothing was taken.", shortage(id, quantity, stock));
            }
            if (adds && stock + quantity > MOST) {
                throw ApiException.conflict("A stock holds at most " + MOST + "; there are " + stock + " of product " + id + ".");
            }
            EditedRecords.State after = add(records, key, adds ? quantity : -quantity);
            return Values.write(Values.object()
                    .put("productId", id).put("stock", Catalog.stock(after.fields())).put("updatedAt", after.modifiedAt().toString()));
        });
    }

    /** Adds to the stock of a product that is there. */
    EditedRecords.State add(EditedRecords records, RecordKey key, long delta) {
        long stock = Catalog.stock(Products.require(records, key).fields());
        return records.patch(key, Values.object().put(Catalog.INVENTORY, stock + delta));
    }

    static Map<String, Object> shortage(String id, long requested, long available) {
        Map<String, Object> shortage = new LinkedHashMap<>();
        shortage.put("productId", id);
        shortage.put("requested", requested);
        shortage.put("available", available);
        return shortage;
    }

    public Object alerts(ApiRequest request) {
        int page = request.number("page");
        int limit = request.number("limit");
        List<Alert> alerts = jdbc.query(
                LOW_WITH_NAMES,
                ps -> Bind.to(ps).number(defaultThreshold).number(defaultThreshold).integer(limit).number((page - 1L) * limit),
                (rs, row) -> alert(rs));
        return Paged.ofViews(alerts, page, limit, countLow());
    }

    long countLow() {
        return jdbc.query(
                "SELECT count(*) " + LOW, ps -> Bind.to(ps).number(defaultThreshold).number(defaultThreshold), (rs, row) -> rs.getLong(1)).get(0);
    }

    private static Alert alert(ResultSet rs) throws SQLException {
        long stock = rs.getLong(3);
        return new Alert(
                rs.getString(1), rs.getString(2), stock, rs.getLong(4), stock <= 0 ? "out_of_stock" : "low_stock", Columns.instant(rs, 5));
    }
}
