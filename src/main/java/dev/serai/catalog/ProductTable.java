package dev.serai.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.database.Where;
import dev.serai.rules.Values;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads products as the face shows them: the record's fields, and what the hub knows besides. */
@Component
class ProductTable {

    private static final String READ = """
            SELECT r.record_key, r.payload::text, r.version, r.modified_at, p.created_at
            FROM record r JOIN product p ON p.product_id = r.record_key
            WHERE r.entity_type = 'products' AND r.record_key = ANY (?::text[]) AND NOT r.deleted""";

    private final JdbcTemplate jdbc;

    ProductTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Which products; null for no limit by that. */
    record Selection(String categoryId, String status, String search, int page, int limit) {

        /** Every word of the search is the beginning of a word of the product; null where nothing is searched. */
        String query() {
            if (search == null || search.isBlank()) {
                return null;
            }
            // Without any word it is empty, and finds nothing.
            return Arrays.stream(search.split("[^\\p{L}\\p{N}]+"))
                    .filter(word -> !word.isEmpty())
                    .map(word -> word + ":*")
                    .collect(Collectors.joining(" & "));
        }

        private Where where() {
            return Where.that("true")
                    .andText("category_id = ?", categoryId)
                    .andText("status = ?", status)
                    .andText("words @@ to_tsquery('simple', ?)", query());
        }
    }

    Optional<ObjectNode> find(String id) {
        return Optional.ofNullable(read(List.of(id)).get(id));
    }

    /** The newest first. */
    List<ObjectNode> page(Selection selection) {
        Where where = selection.where();
        List<String> ids = jdbc.query(
                "SELECT product_id FROM product" + where.sql() + " ORDER BY created_at DESC, product_id LIMIT ? OFFSET ?",
                ps -> where.bind(Bind.to(ps)).integer(selection.limit()).number((selection.page() - 1L) * selection.limit()),
                (rs, row) -> rs.getString(1));
        Map<String, ObjectNode> products = read(ids);
        return ids.stream().map(products::get).filter(Objects::nonNull).toList();
    }

    long count(Selection selection) {
        Where where = selection.where();
        return jdbc.query("SELECT count(*) FROM product" + where.sql(), ps -> where.bind(Bind.to(ps)), (rs, row) -> rs.getLong(1)).get(0);
    }

    private Map<String, ObjectNode> read(List<String> ids) {
        Map<String, ObjectNode> products = new HashMap<>();
        jdbc.query(READ, ps -> Bind.to(ps).texts(ids), rs -> {
            products.put(rs.getString(1), view(rs));
        });
        return products;
    }

    private ObjectNode view(ResultSet rs) throws SQLException {
        ObjectNode fields = Values.object(rs.getString(2));
        ObjectNode product = Values.object().put("id", rs.getString(1));
        product.setAll(fields);
        product.put("id", rs.getString(1));
        if (!fields.hasNonNull("name") && fields.hasNonNull("title")) {
            // As most shops call it.
            product.set("name", fields.get("title"));
        }
        if (!fields.hasNonNull("status")) {
            product.put("status", "draft");
        }
        product.put("stock", Catalog.stock(fields));
        product.put("version", rs.getInt(3));
        product.put("createdAt", Columns.instant(rs, 5).toString());
        product.put("updatedAt", Columns.instant(rs, 4).toString());
        return product;
    }
}
