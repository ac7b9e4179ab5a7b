package dev.serai.catalog;

import dev.serai.database.Bind;
import dev.serai.record.Applied;
import dev.serai.record.AppliedListener;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/**
 * Keeps the tables that the face lists, searches and adds up in step with the records, in the transaction that applies a change. How a row
 * is made of a record stands once, in the database's views. Rows that would stay as they are are not written.
 */
@Component
class CatalogViews implements AppliedListener {

    private static final String PRODUCTS = """
            INSERT INTO product (product_id, category_id, status, price, words, created_at)
            SELECT product_id, category_id, status, price, words, ?::timestamptz FROM product_of_record WHERE product_id = ANY (?::text[])
            ON CONFLICT (product_id) DO UPDATE
                SET category_id = excluded.category_id, status = excluded.status, price = excluded.price, words = excluded.words
                WHERE (product.category_id, product.status, product.price, product.words)
                    IS DISTINCT FROM (excluded.category_id, excluded.status, excluded.price, excluded.words)""";

    private static final String STOCKS = """
            INSERT INTO stock (product_id, stock, counted, threshold, changed_at, price, published)
            SELECT product_id, stock, counted, threshold, changed_at, price, published FROM stock_of_record WHERE product_id = ANY (?::text[])
            ON CONFLICT (product_id) DO UPDATE
                SET stock = excluded.stock, counted = excluded.counted, threshold = excluded.threshold,
                    changed_at = CASE WHEN stock.stock = excluded.stock THEN stock.changed_at ELSE excluded.changed_at END,
                    price = excluded.price, published = excluded.published
                WHERE (stock.stock, stock.counted, stock.threshold, stock.price, stock.published)
                    IS DISTINCT FROM (excluded.stock, excluded.counted, excluded.threshold, excluded.price, excluded.published)""";

    private static final String SALES = """
            INSERT INTO sale (order_key, ordered_at, customer_id, status, units, revenue)
            SELECT order_key, ordered_at, customer_id, status, units, revenue FROM sale_of_record WHERE order_key = ANY (?::text[])
            ON CONFLICT (order_key) DO UPDATE
                SET ordered_at = excluded.ordered_at, customer_id = excluded.customer_id, status = excluded.status,
                    units = excluded.units, revenue = excluded.revenue
                WHERE (sale.ordered_at, sale.customer_id, sale.status, sale.units, sale.revenue)
                    IS DISTINCT FROM (excluded.ordered_at, excluded.customer_id, excluded.status, excluded.units, excluded.revenue)""";

    private final JdbcTemplate jdbc;

    CatalogViews(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void applied(List<Applied> applied, Instant now) {
        Set<String> products = keys(applied, Catalog.PRODUCTS, false);
        if (!products.isEmpty()) {
            execute(PRODUCTS, now, products);
            execute(STOCKS, null, products);
        }
        Set<String> orders = keys(applied, Catalog.ORDERS, false);
        if (!orders.isEmpty()) {
            execute(SALES, null, orders);
        }
        forget(applied);
    }

    private void forget(List<Applied> applied) {
        Set<String> products = keys(applied, Catalog.PRODUCTS, true);
        if (!products.isEmpty()) {
            execute("DELETE FROM product p WHERE product_id = ANY (?::text[]) AND " + isGone("p.product_id", Catalog.PRODUCTS), null, products);
            execute("DELETE FROM stock s WHERE product_id = ANY (?::text[]) AND " + isGone("s.product_id", Catalog.PRODUCTS), null, products);
        }
        Set<String> orders = keys(applied, Catalog.ORDERS, true);
        if (!orders.isEmpty()) {
            execute("DELETE FROM sale s WHERE order_key = ANY (?::text[]) AND " + isGone("s.order_key", Catalog.ORDERS), null, orders);
        }
    }

    /** A record that was deleted may have come back in the same batch. */
    private static String isGone(String key, String entityType) {
        return "EXISTS (SELECT 1 FROM record r WHERE r.entity_type = '" + entityType + "' AND r.record_key = " + key + " AND r.deleted)";
    }

    private static Set<String> keys(List<Applied> applied, String entityType, boolean deleted) {
        return applied.stream()
                .filter(a -> a.key().entityType().equals(entityType))
                .filter(a -> a.deleted() == deleted)
                .map(a -> a.key().key())
                .collect(Collectors.toSet());
    }

    private void execute(String sql, Instant now, Collection<String> keys) {
        jdbc.execute(sql, (PreparedStatementCallback<Integer>) ps -> {
            Bind bind = Bind.to(ps);
            if (now != null) {
                bind.at(now);
            }
            bind.texts(keys);
            return ps.executeUpdate();
        });
    }
}
