package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.database.Bind;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** What stores are known to have of the platform's records, for whoever sends records to them. Each call is one statement for all rows. */
@Component
public class StoreRecords {

    private static final Comparator<Sent> ORDER = Comparator.comparing((Sent sent) -> sent.key().entityType())
            .thenComparing(sent -> sent.key().key())
            .thenComparing(Sent::storeId);

    private static final String SENDING = """
            INSERT INTO store_record AS s (entity_type, record_key, store_id, base, sent)
            SELECT entity_type, record_key, store_id, '{}', data::jsonb || jsonb_build_object('_deleted', deleted)
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[]) AS n(entity_type, record_key, store_id, data, deleted)
            ON CONFLICT (entity_type, record_key, store_id) DO UPDATE SET sent = coalesce(s.sent, '{}') || excluded.sent""";

    /**
     * What the store has told while it was on its way is no longer among that sent, and stays as it was told: fields, and its being there.
     * Where it has told nothing, which is seen cheaply, all that was sent is agreed.
     */
    private static final String AGREED = """
            INSERT INTO store_record AS s (entity_type, record_key, store_id, base, delivered, deleted)
            SELECT entity_type, record_key, store_id, '{}', data::jsonb, deleted
            FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[]) AS n(entity_type, record_key, store_id, data, deleted)
            ON CONFLICT (entity_type, record_key, store_id)
            DO UPDATE SET deleted = CASE WHEN s.sent ?? '_deleted' THEN excluded.deleted ELSE s.deleted END, sent = NULL,
                delivered = coalesce(s.delivered, '{}') || CASE WHEN s.sent - '_deleted' = excluded.delivered THEN excluded.delivered ELSE coalesce(
                (SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(excluded.delivered) f WHERE s.sent ?? f.key), '{}') END""";

    /** What another delivery has told of the field since stays; rows are locked in the order of those given. */
    private static final String MISSED = """
            UPDATE store_record s SET sent = (
                SELECT jsonb_object_agg(f.key, f.value) FROM jsonb_each(n.sent) f WHERE f.value IS DISTINCT FROM n.missed -> f.key)
            FROM (SELECT s.entity_type, s.record_key, s.store_id, s.sent, n.data::jsonb || jsonb_build_object('_deleted', n.deleted) AS missed
                  FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[]) WITH ORDINALITY
                    AS n(entity_type, record_key, store_id, data, deleted, place)
                  JOIN store_record s ON s.entity_type = n.entity_type AND s.record_key = n.record_key AND s.store_id = n.store_id
                  ORDER BY n.place FOR UPDATE OF s) n
            WHERE s.entity_type = n.entity_type AND s.record_key = n.record_key AND s.store_id = n.store_id""";

    private static final String CONTESTED = """
            SELECT record_key, field FROM conflict
            WHERE status = 'pending' AND store_id = ? AND entity_type = ? AND record_key = ANY (?::text[])""";

    /** Nothing follows from the records: they were locked before. */
    private static final String BASES = """
            SELECT entity_type, record_key, store_base(base, delivered, store_id, NULL, NULL)::text, deleted, sent::text FROM store_record
            WHERE entity_type = ? AND record_key = ANY (?::text[]) AND store_id = ? ORDER BY record_key FOR UPDATE""";

    /** A null value means that nothing is agreed on. */
    private static final String ACKNOWLEDGE = """
            UPDATE store_record s SET deleted = coalesce(n.deleted, s.deleted), delivered = NULL,
                base = (s.base::jsonb || coalesce(s.delivered, '{}')) - n.nothing || n.something, sent = CASE WHEN ? THEN s.sent - n.fields ELSE s.sent END
            FROM (SELECT entity_type, record_key, bool_or(deleted) AS deleted,
                         array_agg(field) AS fields,
                         coalesce(array_agg(field) FILTER (WHERE deleted IS NULL AND value IS NULL), '{}') AS nothing,
                         coalesce(jsonb_object_agg(field, value::jsonb) FILTER (WHERE deleted IS NULL AND value IS NOT NULL), '{}') AS something
                  FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::boolean[]) AS c(entity_type, record_key, field, value, deleted)
                  GROUP BY 1, 2) n
            WHERE s.entity_type = n.entity_type AND s.record_key = n.record_key AND s.store_id = ?""";

    private final JdbcTemplate jdbc;
    private final RecordTable records;
    private final SideTable sides;

    StoreRecords(JdbcTemplate jdbc, RecordTable records, SideTable sides) {
        this.jdbc = jdbc;
        this.records = records;
        this.sides = sides;
    }

    /** A record as it is, with who wrote what of it. */
    public record State(ObjectNode fields, Stamps stamps, boolean deleted, Stamp newest) {

        /** The platform's side of a conflict; null for none. */
        public JsonNode value(ConflictKey key) {
            return key.isExistence() ? BooleanNode.valueOf(deleted) : fields.get(key.field());
        }

        /** Who wrote that and when, or null. */
        public Stamp stamp(ConflictKey key) {
            return key.isExistence() ? newest : stamps.of(key.field());
        }
    }

    /**
     * What a store and the platform last agreed on of a record.
     *
     * @param sent what is on its way to the store
     */
    public record Base(ObjectNode fields, boolean deleted, ObjectNode sent) {

        /** Null for nothing. */
        public JsonNode value(ConflictKey key) {
            return key.isExistence() ? BooleanNode.valueOf(deleted) : fields.get(key.field());
        }

        /** Null where nothing of it is on its way. */
        public JsonNode sent(ConflictKey key) {
            return sent.get(key.field());
        }

        /** What is agreed on from now on; null for nothing. */
        public record Change(ConflictKey key, JsonNode value) {

            private Boolean deleted() {
                return key.isExistence() ? Boolean.valueOf(value != null && value.booleanValue()) : null;
            }
        }
    }

    /**
     * The records as they are, locked until the caller's transaction ends. What stores have of them is kept with the stores from now on, whoever
     * writes what.
     */
    public Map<RecordKey, State> lock(Collection<RecordKey> keys) {
        Map<RecordKey, State> states = new HashMap<>();
        TreeSet<RecordKey> sorted = new TreeSet<>(BatchWriter.KEY_ORDER);
        sorted.addAll(keys);
        Map<RecordKey, Current> found = records.read(sorted, type -> true);
        keep(sorted, new Writes(found, new Conflicts()));
        found.forEach((key, current) -> states.put(
                key,
                new State(current.content().fields(), current.content().stamps(), current.deleted(), current.stamp())));
        return states;
    }

    private void keep(Collection<RecordKey> keys, Writes writes) {
        Set<String> stores = writes.agreeing();
        if (!stores.isEmpty()) {
            sides.read(keys, stores, true, writes::content, writes::add);
            writes.keepAll();
            records.update(writes.updated());
            sides.write(writes.touched());
        }
    }

    /** What is agreed with the store, locked until the caller's transaction ends. */
    public Map<RecordKey, Base> bases(String storeId, Collection<RecordKey> keys) {
        Map<RecordKey, Base> bases = new HashMap<>();
        RecordTable.keysByType(keys).forEach((type, keysOfType) -> jdbc.query(
                BASES,
                ps -> Bind.to(ps).text(type).texts(keysOfType).text(storeId),
                rs -> {
                    bases.put(
                            new RecordKey(rs.getString(1), rs.getString(2)),
                            new Base(Values.object(rs.getString(3)), rs.getBoolean(4), Values.object(rs.getString(5))));
                }));
        return bases;
    }

    /** What the store told is dealt with, whatever was decided: from now on it is no edit of its own. */
    public void acknowledge(String storeId, List<Base.Change> changes) {
        agree(storeId, changes, true);
    }

    /** What was agreed before is again; what is on its way to the store arrives all the same. */
    public void restore(String storeId, List<Base.Change> changes) {
        agree(storeId, changes, false);
    }

    private void agree(String storeId, List<Base.Change> changes, boolean told) {
        if (changes.isEmpty()) {
            return;
        }
        jdbc.execute(ACKNOWLEDGE, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .flag(told)
                    .texts(changes, c -> c.key().record().entityType())
                    .texts(changes, c -> c.key().record().key())
                    .texts(changes, c -> c.key().field())
                    .texts(changes, c -> c.value() == null ? null : Values.write(c.value()))
                    .nullableFlags(changes, Base.Change::deleted)
                    .text(storeId);
            return ps.executeUpdate();
        });
    }

    /**
     * What is sent to a store of a record.
     *
     * @param data    the fields that are sent, without those that a person is to decide about; ignored for a delete
     * @param deleted whether the store is told that the record is gone
     */
    public record Sent(String storeId, RecordKey key, ObjectNode data, boolean deleted) {

        private String json() {
            return deleted ? "{}" : Values.write(data);
        }
    }

    /** Before an attempt that may be the first to arrive: what the store tells from now on may be what it is being sent, and then is no edit of its own. */
    public void sending(Collection<Sent> rows) {
        write(SENDING, sorted(rows));
    }

    /**
     * The stores have what they were sent (their 2xx): what {@link #sending} was told is agreed from now on. In the transaction that ends
     * the deliveries.
     */
    public void agreed(Collection<Sent> rows) {
        write(AGREED, sorted(rows));
    }

    /** The stores certainly have not got what they were sent: it is not on its way any more. */
    public void missed(Collection<Sent> rows) {
        write(MISSED, sorted(rows));
    }

    private static List<Sent> sorted(Collection<Sent> rows) {
        return rows.stream().sorted(ORDER).toList();
    }

    /**
     * After the changes of these records that are being applied, and before the next ones: what follows in the caller's transaction sees what
     * became of the records, and rows that a batch has read stay as they are.
     */
    private void write(String sql, List<Sent> rows) {
        if (rows.isEmpty()) {
            return;
        }
        records.share(rows.stream().map(Sent::key).distinct().toList());
        jdbc.execute(sql, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .texts(rows, s -> s.key().entityType())
                    .texts(rows, s -> s.key().key())
                    .texts(rows, Sent::storeId)
                    .texts(rows, Sent::json)
                    .flags(rows, Sent::deleted);
            return ps.executeUpdate();
        });
    }

    /**
     * The fields of these records about which a person is to decide for the store, {@link ConflictKey#EXISTENCE} for the record itself:
     * they are not sent to it meanwhile.
     */
    public Map<String, Set<String>> contested(String storeId, String entityType, Collection<String> keys) {
        Map<String, Set<String>> contested = new HashMap<>();
        jdbc.query(
                CONTESTED,
                ps -> Bind.to(ps).text(storeId).text(entityType).texts(keys),
                rs -> {
                    contested.computeIfAbsent(rs.getString(1), key -> new HashSet<>()).add(rs.getString(2));
                });
        return contested;
    }
}
