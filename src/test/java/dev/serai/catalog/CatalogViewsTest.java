package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.contract.ApiRequest;
import dev.serai.record.Page;
import dev.serai.record.PageResult;
import dev.serai.testing.Core;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogViewsTest {

    private final Core core = new Core(CatalogBeans.class);
    private Instant at = Instant.parse("2026-01-05T09:00:00Z");

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void whatAnyFaceWritesOfAProductIsListedCountedAndForgotten() {
        product("{\"title\": \"Red mug\", \"categoryId\": 7, \"status\": \"active\", \"price\": \"12.50\", \"inventory\": \"40\"}");
        assertThat(row("SELECT * FROM product")).containsEntry("category_id", "7").containsEntry("status", "active")
                .containsEntry("price", new BigDecimal("12.50"));
        assertThat(row("SELECT * FROM stock")).containsEntry("stock", 40L).containsEntry("counted", true).containsEntry("threshold", null)
                .containsEntry("worth", new BigDecimal("500.00"));
        assertThat(count("SELECT count(*) FROM product WHERE words @@ to_tsquery('simple', 'red & mu:*')")).isOne();

        product("{\"title\": \"Blue mug\", \"inventory\": 12.9, \"lowStockThreshold\": 20}");
        assertThat(row("SELECT * FROM stock")).containsEntry("stock", 12L).containsEntry("threshold", 20L).containsEntry("worth", null);
        assertThat(row("SELECT * FROM product")).containsEntry("status", "draft").containsEntry("price", null);

        write("products", Operation.DELETE, null);
        assertThat(count("SELECT count(*) FROM product") + count("SELECT count(*) FROM stock")).isZero();
    }

    @Test
    void oddContentFailsNoRecord() {
        String huge = "x".repeat(1_500_000);
        product("{\"title\": \"" + huge + "\", \"description\": \"" + huge + "\", \"categoryId\": \"" + huge + "\", \"status\": {\"a\": 1},"
                + " \"price\": \"1e999999\", \"inventory\": \"99999999999999999999999\", \"lowStockThreshold\": [1]}");
        order("{\"items\": {\"no\": \"list\"}, \"line_items\": 5, \"orderedAt\": \"2025-02-30T25:00:00\", \"created_at\": [\"x\"], \"total\": \"much\"}");

        assertThat(count("SELECT count(*) FROM record")).isEqualTo(2);
        assertThat(row("SELECT * FROM stock")).containsEntry("stock", 0L).containsEntry("counted", false);
        assertThat(row("SELECT units, revenue FROM sale")).containsValues(BigDecimal.ZERO, BigDecimal.ZERO);
        assertThat(count("SELECT count(*) FROM sale WHERE ordered_at = '" + at + "'")).isOne();
    }

    @Test
    void anOrderOfWhateverShapeIsAddedUp() {
        order("{\"items\": [{\"quantity\": 2, \"price\": 2.50}, {\"quantity\": \"3\", \"price\": \"1\"}], \"orderedAt\": \"2025-06-01T23:30:00-02:00\"}");
        assertThat(row("SELECT units, revenue FROM sale")).containsEntry("units", new BigDecimal(5)).containsEntry("revenue", new BigDecimal("8.00"));
        assertThat(count("SELECT count(*) FROM sale WHERE ordered_at = '2025-06-02T01:30:00Z'")).isOne();

        order("{\"line_items\": [{\"quantity\": 1, \"unit_price\": 4}], \"ordered_at\": \"2025-06-01 10:00:00\", \"status\": \"Canceled\"}");
        assertThat(row("SELECT status, revenue FROM sale")).containsEntry("status", "cancelled").containsEntry("revenue", new BigDecimal(4));
        assertThat(count("SELECT count(*) FROM sale WHERE ordered_at = '2025-06-01T10:00:00Z'")).isOne();

        order("{\"total\": 99.5, \"created_at\": \"2025-06-03\"}");
        assertThat(row("SELECT units, revenue FROM sale")).containsEntry("units", BigDecimal.ZERO).containsEntry("revenue", new BigDecimal("99.5"));
        assertThat(count("SELECT count(*) FROM sale WHERE ordered_at = '2025-06-03T00:00:00Z'")).isOne();
    }

    @Test
    void anOrderThatTellsNoTimeKeepsTheOneAtWhichItWasFirstHeardOf() {
        order("{\"total\": 5}");
        Instant placed = at;
        order("{\"total\": 5, \"status\": \"shipped\"}");
        assertThat(count("SELECT count(*) FROM sale WHERE status = 'shipped' AND ordered_at = '" + placed + "'")).isOne();

        order("{\"total\": 5, \"created_at\": \"2025-06-03\"}");
        assertThat(count("SELECT count(*) FROM sale WHERE ordered_at = '2025-06-03T00:00:00Z'")).isOne();
    }

    @Test
    void whateverItsSizeAnAmountIsAddedUpExactlyInItsDayAlsoWhereADayIsMissing() {
        line("a", "2011-12-29T23:00:00-10:00", "2", "0.0000005");
        line("b", "2011-12-31T00:00:00+14:00", "0.0000003", "1");
        line("c", "2011-12-31T23:59:59+14:00", "3", "2.50");
        line("d", "2011-12-31T23:59:59+14:00", "999999999999999", "100000000000");
        line("e", "2012-01-01T00:00:00+14:00", "-1", "4");

        Object answer = core.bean(Analytics.class).sales(new ApiRequest("test", "GET", "/", "", Map.of("startDate", LocalDate.parse("2011-12-29"),
                "endDate", LocalDate.parse("2012-01-01"), "groupBy", "day", "timezone", "Pacific/Apia"), null, null, Map.of(), null, null));

        assertThat(answer).hasToString("{data=[Sales[period=2011-12-29, orders=1, units=2, revenue=0.000001],"
                + " Sales[period=2011-12-30, orders=0, units=0, revenue=0],"
                + " Sales[period=2011-12-31, orders=3, units=1000000000000002.0000003, revenue=99999999999999900000000007.5000003],"
                + " Sales[period=2012-01-01, orders=1, units=-1, revenue=-4]],"
                + " total=Total[orders=5, units=1000000000000003.0000003, revenue=99999999999999900000000003.5000013]}");
    }

    private void line(String key, String at, String quantity, String price) {
        write("orders", key, Operation.UPSERT,
                "{\"items\": [{\"quantity\": " + quantity + ", \"price\": " + price + "}], \"orderedAt\": \"" + at + "\"}");
    }

    private void product(String payload) {
        write("products", Operation.UPSERT, payload);
    }

    private void order(String payload) {
        write("orders", Operation.UPSERT, payload);
    }

    private void write(String entityType, Operation operation, String payload) {
        write(entityType, "1", operation, payload);
    }

    private void write(String entityType, String key, Operation operation, String payload) {
        at = at.plusSeconds(1);
        Change change = new Change("erp", null, null, entityType, key, operation, at, null, null, at.toEpochMilli(), payload, true);
        PageResult result = core.pipeline().accept(new Page(entityType, List.of(change), List.of()), r -> {});
        assertThat(result.written()).isTrue();
        assertThat(count("SELECT count(*) FROM dead_letter")).isZero();
    }

    private Map<String, Object> row(String sql) {
        return core.jdbc().queryForMap(sql);
    }

    private int count(String sql) {
        return core.jdbc().queryForObject(sql, Integer.class);
    }
}
