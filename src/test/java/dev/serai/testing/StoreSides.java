package dev.serai.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.rules.Stamps;
import dev.serai.rules.Stamps.Agreed;
import dev.serai.rules.Told;
import dev.serai.rules.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;

/** What stores have of records, whether it is kept with them or follows from the record. */
public final class StoreSides {

    /** Like the table {@code store_record}, to be selected from. */
    public static final String TABLE = """
            (SELECT s.entity_type, s.record_key, s.store_id, store_base(s.base, s.delivered, s.store_id, r.payload, r.stamps) AS base, s.sent, s.deleted
             FROM store_record s LEFT JOIN record r USING (entity_type, record_key))""";

    private StoreSides() {}

    /** All there is, a line a store and record, with times since {@code start}. */
    public static List<String> all(JdbcTemplate jdbc, Instant start) {
        List<String> lines = new ArrayList<>();
        jdbc.query(
                """
                SELECT s.store_id, s.record_key, store_base(s.base, s.delivered, s.store_id, r.payload, r.stamps)::text, s.told, r.stamps, s.sent::text, s.deleted
                FROM store_record s LEFT JOIN record r USING (entity_type, record_key) ORDER BY 1, 2""",
                rs -> {
                    String store = rs.getString(1);
                    ObjectNode base = Values.object(rs.getString(3));
                    Told told = Told.parse(rs.getString(4));
                    Agreed agreed = rs.getString(5) == null ? null : Stamps.parse(rs.getString(5)).agreed();
                    if (agreed != null && agreed.storeId().equals(store)) {
                        told.putAll(agreed.told());
                    }
                    StringBuilder line = new StringBuilder(store + " " + rs.getString(2) + " " + rs.getString(6) + " " + rs.getBoolean(7));
                    base.properties().forEach(field -> line.append(", ").append(field).append(" told ").append(
                            told.at(field.getKey()) == null ? "never" : Duration.between(start, told.at(field.getKey()))));
                    lines.add(line.toString());
                });
        return lines;
    }
}
