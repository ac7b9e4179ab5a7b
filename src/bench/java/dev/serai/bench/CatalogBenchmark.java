package dev.serai.bench;

import dev.serai.catalog.Analytics;
import dev.serai.catalog.Inventory;
import dev.serai.catalog.Products;
import dev.serai.contract.ApiRequest;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The PMS face's questions over a million products and a million orders of two years, beside the bare aggregate that they stand on. */
final class CatalogBenchmark {

    private static final int ROUNDS = 5;
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");

    private final int count = Integer.getInteger("records", 1_000_000);
    private final BenchHub hub;

    CatalogBenchmark(BenchHub hub) {
        this.hub = hub;
    }

    void run() {
        fill();
        System.out.printf(Locale.ROOT, "%,d products and %,d orders; median of %d%n", count, count, ROUNDS);
        Analytics analytics = hub.bean(Analytics.class);
        measure("bare aggregate over all orders", () -> hub.bean(JdbcTemplate.class).queryForList("""
                SELECT count(*), sum(units), sum(revenue) FROM sale
                WHERE ordered_at >= '2024-01-01Z' AND ordered_at < '2026-01-01Z' AND status <> 'cancelled'"""));
        for (String groupBy : new String[] {"day", "week", "month"}) {
            measure("sales by " + groupBy + ", two years", () -> analytics.sales(request(Map.of(
                    "startDate", FIRST, "endDate", FIRST.plusYears(2).minusDays(1), "groupBy", groupBy, "timezone", "Europe/Berlin"))));
        }
        measure("sales by day, one month", () -> analytics.sales(request(Map.of(
                "startDate", FIRST, "endDate", FIRST.plusMonths(1), "groupBy", "day", "timezone", "UTC"))));
        measure("inventory metrics", () -> analytics.inventoryMetrics(request(Map.of())));
        measure("stock of one product", () -> hub.bean(Inventory.class).stock(request(Map.of("productId", "p" + count / 2))));
        measure("alerts, first page", () -> hub.bean(Inventory.class).alerts(request(page(Map.of()))));
        Products products = hub.bean(Products.class);
        measure("list, first page", () -> products.list(request(page(Map.of()))));
        measure("list by category and status", () -> products.list(request(page(Map.of("categoryId", "c7", "status", "published")))));
        measure("search, one in 1,000", () -> products.list(request(page(Map.of("search", "blue w7")))));
    }

    private void fill() {
        JdbcTemplate jdbc = hub.bean(JdbcTemplate.class);
        jdbc.update("""
                INSERT INTO record (entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change)
                SELECT 'products', 'p' || i, jsonb_build_object('id', 'p' || i, 'name', 'Blue mug w' || i % 1000, 'price', i % 90,
                    'categoryId', 'c' || i % 50, 'status', CASE WHEN i % 3 = 0 THEN 'draft' ELSE 'published' END, 'inventory', i % 2000),
                    i, 1, now(), 'platform', 'platform', 0
                FROM generate_series(1, ?) AS i""", count);
        jdbc.update("""
                INSERT INTO product (product_id, category_id, status, price, words, created_at)
                SELECT v.*, timestamptz '2024-01-01Z' + interval '1 minute' * ltrim(product_id, 'p')::int FROM product_of_record v""");
        jdbc.update("INSERT INTO stock (product_id, stock, counted, threshold, changed_at, price, published) SELECT * FROM stock_of_record");
        jdbc.update("""
                INSERT INTO sale (order_key, ordered_at, customer_id, status, units, revenue)
                SELECT 'o' || i, timestamptz '2024-01-01Z' + interval '63 seconds' * i * (1000000.0 / ?), 'c' || i % 10000,
                    CASE WHEN i % 20 = 0 THEN 'cancelled' ELSE 'shipped' END, i % 5 + 1, (i % 900) * 1.25
                FROM generate_series(1, ?) AS i""", count, count);
        jdbc.execute("VACUUM ANALYZE record, product, stock, sale");
    }

    private static Map<String, Object> page(Map<String, Object> filters) {
        Map<String, Object> parameters = new HashMap<>(filters);
        parameters.put("page", 1L);
        parameters.put("limit", 20L);
        return parameters;
    }

    private static ApiRequest request(Map<String, Object> parameters) {
        return new ApiRequest("bench", "GET", "/", "", parameters, null, null, Map.of(), null, null);
    }

    /** Without the cache. */
    private void measure(String name, Callable<?> question) {
        double[] millis = new double[ROUNDS];
        try {
            for (int round = 0; round < ROUNDS; round++) {
                hub.forgetCached();
                long from = System.nanoTime();
                question.call();
                millis[round] = (System.nanoTime() - from) / 1e6;
            }
        } catch (Exception e) {
            throw new IllegalStateException(name, e);
        }
        Arrays.sort(millis);
        System.out.printf(Locale.ROOT, "  %-34s %8.1f ms%n", name, millis[ROUNDS / 2]);
    }
}
