package dev.serai.record;

import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.record.Side.Kept;
import dev.serai.record.Side.Place;
import dev.serai.rules.Values;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Reads and writes what stores are known to have, a batch a statement, in the current transaction. */
@Component
class SideTable {

    static final Comparator<Side> ORDER = Comparator.comparing((Side side) -> side.record().entityType())
            .thenComparing(side -> side.record().key())
            .thenComparing(Side::storeId);

    private static final String READ = """
            SELECT record_key, store_id, base, told, sent, delivered, deleted, ctid, xmin FROM store_record
            WHERE entity_type = ? AND record_key = ANY (?::text[]) AND store_id = ANY (?::text[])""";

    private static final String LOCK = READ + " ORDER BY record_key, store_id FOR UPDATE";

    private static final String INSERT = """
            INSERT INTO store_record AS s (entity_type, record_key, store_id, base, told, deleted, sent)
            SELECT entity_type, record_key, store_id, base, told, deleted, sent::jsonb
            FROM unnest(?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[], ?::text[], ?::text[])
              AS n(base, told, deleted, sent, entity_type, record_key, store_id)
            ON CONFLICT (entity_type, record_key, store_id)
            DO UPDATE SET base = s.base::jsonb || coalesce(s.delivered, '{}') || excluded.base::jsonb, delivered = NULL,
                told = excluded.told, deleted = excluded.deleted""";

    /** Of rows that are as they were read: a place that was written again has another writer. */
    private static final String UPDATE = """
            UPDATE store_record s SET base = n.base, delivered = NULL, told = n.told, deleted = n.deleted, sent = n.sent::jsonb
            FROM unnest(?::text[], ?::text[], ?::boolean[], ?::text[], ?::text[], ?::text[]) AS n(base, told, deleted, sent, place, writer)
            WHERE s.ctid = n.place::tid AND s.xmin = n.writer::xid""";

    private final JdbcTemplate jdbc;

    SideTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What these stores have of these records.
     *
     * @param locked   until the transaction ends, in order. Else what has no record may be written meanwhile, and {@link #write} fails where it was
     * @param contents of the records, as they were read
     */
    void read(
            Collection<RecordKey> records, Set<String> stores, boolean locked, Function<RecordKey, Content> contents, Consumer<Side> found) {
        RecordTable.keysByType(records).forEach((type, keys) -> jdbc.query(
                locked ? LOCK : READ,
                ps -> Bind.to(ps).text(type).texts(keys).texts(stores),
                rs -> {
                    RecordKey record = new RecordKey(type, rs.getString(1));
                    Kept kept = new Kept(rs.getString(3), rs.getString(4), rs.getString(5), rs.getString(6), contents.apply(record));
                    found.accept(Side.read(rs.getString(2), record, new Place(rs.getString(8), rs.getString(9)), rs.getBoolean(7), kept));
                }));
    }

    /** @throws OptimisticLockingFailureException where a row is not as it was read, which cannot be where it was locked; nothing is lost by trying again */
    void write(Collection<Side> touched) {
        write(INSERT, touched.stream().filter(side -> !side.isKnown()).sorted(ORDER).toList(), SideTable::bindKeys);
        write(UPDATE, touched.stream().filter(Side::isKnown).sorted(ORDER).toList(), SideTable::bindPlaces);
    }

    /** Binds the columns behind those that both statements have. */
    private interface Rest {
        void bind(Bind bind, List<Side> sides) throws SQLException;
    }

    private static void bindKeys(Bind bind, List<Side> sides) throws SQLException {
        bind.texts(sides, s -> s.record().entityType()).texts(sides, s -> s.record().key()).texts(sides, Side::storeId);
    }

    private static void bindPlaces(Bind bind, List<Side> sides) throws SQLException {
        bind.texts(sides, s -> s.place().row()).texts(sides, s -> s.place().writer());
    }

    private void write(String sql, List<Side> sides, Rest rest) {
        if (sides.isEmpty()) {
            return;
        }
        int written = jdbc.execute(sql, (PreparedStatementCallback<Integer>) ps -> {
            Bind bind = Bind.to(ps)
                    .texts(sides, s -> Values.write(s.base()))
                    .texts(sides, s -> s.told().text())
                    .flags(sides, Side::isDeleted)
                    .texts(sides, s -> s.sent().isEmpty() ? null : Values.write(s.sent()));
            rest.bind(bind, sides);
            return ps.executeUpdate();
        });
        if (written != sides.size()) {
            throw new OptimisticLockingFailureException(written + " of " + sides.size() + " rows of store_record were as they had been read");
        }
    }
}
