package dev.serai.delivery;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.delivery.StoreDelivery.Content;
import dev.serai.record.StoreRecords;
import dev.serai.record.StoreRecords.Sent;
import dev.serai.record.SyncedEntities;
import dev.serai.rules.EntityRules;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import dev.serai.store.EntityConfig;
import dev.serai.store.Stores;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Makes what is sent of a record: the record as it is now, as far as the store syncs it, without fields about which a person is to decide.
 * A store that has all of it already is sent nothing. A message has one time, so that it tells of fields that were written at one time: a
 * store that compares it with its own edits would else take an older value for a newer one. A record that is new to the store goes whole.
 */
@Component
class ContentMaker {

    /** What is added to the name of store_record's store keeps a planner without statistics from reading all of a store's rows for each one. */
    private static final String READ = """
            SELECT d.id, r.payload::text, r.deleted, r.modified_at, r.source, r.stamps, r.last_change,
                   store_base(s.base, s.delivered, s.store_id, r.payload, r.stamps)::text, s.sent::text, s.deleted, d.last_sent::text
            FROM delivery d
            JOIN record r ON r.entity_type = d.entity_type AND r.record_key = d.record_key
            LEFT JOIN store_record s ON s.entity_type = d.entity_type AND s.record_key = d.record_key AND s.store_id || '' = d.store_id
            WHERE d.id = ANY (?::bigint[])""";

    private final JdbcTemplate jdbc;
    private final Stores stores;
    private final SyncedEntities synced;
    private final StoreRecords storeRecords;

    ContentMaker(JdbcTemplate jdbc, Stores stores, SyncedEntities synced, StoreRecords storeRecords) {
        this.jdbc = jdbc;
        this.stores = stores;
        this.synced = synced;
        this.storeRecords = storeRecords;
    }

    /** The platform's record, and what the store is known to have: what was agreed, and what it may have got since. */
    private record Known(
            ObjectNode record,
            boolean gone,
            Instant modifiedAt,
            Stamps stamps,
            long lastChange,
            ObjectNode base,
            ObjectNode sent,
            boolean goneAtStore,
            ObjectNode lastSent) {

        boolean storeHas(String field) {
            return storeHas(base, field) && (!sent.has(field) || storeHas(sent, field)) && (!lastSent.has(field) || storeHas(lastSent, field));
        }

        boolean isNewToStore() {
            return base == null || goneAtStore;
        }

        Instant writtenAt(String field) {
            Stamp stamp = stamps.of(field);
            return stamp == null ? modifiedAt : stamp.at();
        }

        private boolean storeHas(ObjectNode there, String field) {
            return Values.same(there.get(field), record.get(field));
        }
    }

    /**
     * Those deliveries of which there is something to send, with it; and the store is known to be sent that. In a transaction.
     *
     * @param claimed such as the store certainly has not got; those that have their content keep it
     */
    List<StoreDelivery> make(List<StoreDelivery> claimed) {
        List<StoreDelivery> made = new ArrayList<>(claimed.stream().filter(d -> d.content() != null).toList());
        made.addAll(makeNew(claimed.stream().filter(d -> d.content() == null).toList()));
        storeRecords.sending(made.stream().map(this::sent).toList());
        return made;
    }

    private List<StoreDelivery> makeNew(List<StoreDelivery> untried) {
        Map<Long, Known> known = read(untried);
        Map<RecordKey, Set<String>> none = Map.of();
        Map<String, Map<RecordKey, Set<String>>> contested = contested(untried);
        List<StoreDelivery> made = new ArrayList<>();
        for (StoreDelivery delivery : untried) {
            Content content = known.containsKey(delivery.id())
                    ? content(delivery, known.get(delivery.id()),
                            contested.getOrDefault(delivery.storeId(), none).getOrDefault(delivery.key(), Set.of()))
                    : null;
            if (content != null) {
                made.add(delivery.with(content));
            }
        }
        return made;
    }

    /** What the store has once it has taken the delivery, beside what it had. */
    Sent sent(StoreDelivery delivery) {
        ObjectNode data = Values.object(delivery.content().data());
        ObjectNode sent = data.objectNode();
        Values.read(delivery.content().changedFields()).forEach(field -> sent.set(field.textValue(), Values.orNull(data.get(field.textValue()))));
        return new Sent(delivery.storeId(), delivery.key(), sent, delivery.content().deleted());
    }

    private Content content(StoreDelivery delivery, Known known, Set<String> contested) {
        EntityConfig entity = stores.find(delivery.storeId()).map(store -> store.entity(delivery.key().entityType())).orElse(null);
        EntityRules rules = synced.rules(delivery.storeId(), delivery.key().entityType());
        if (entity == null || rules == null || !entity.direction().sendsToStore() || contested.contains(ConflictKey.EXISTENCE)) {
            return null;
        }
        ObjectNode data = rules.outgoing(known.record());
        if (known.gone()) {
            boolean knowsIt = known.goneAtStore() && known.lastSent().isEmpty();
            return known.base() == null || knowsIt
                    ? null
                    : new Content(true, Values.write(data), "[]", known.modifiedAt(), known.lastChange());
        }
        if (!rules.passesFilters(known.record(), known.record())) {
            return null;
        }
        data.remove(contested);
        Set<String> changed = changed(known, data, rules, contested);
        if (known.isNewToStore()) {
            return content(data, changed, newest(known, changed), known.lastChange());
        }
        if (changed.isEmpty()) {
            return null;
        }
        Instant oldest = changed.stream().map(known::writtenAt).min(Comparator.naturalOrder()).orElseThrow();
        Set<String> ofThatTime = new LinkedHashSet<>(changed);
        ofThatTime.removeIf(field -> !known.writtenAt(field).equals(oldest));
        return content(data, ofThatTime, oldest, ofThatTime.size() == changed.size() ? known.lastChange() : Content.PART);
    }

    private static Content content(ObjectNode data, Set<String> changed, Instant modifiedAt, long madeOf) {
        return new Content(false, Values.write(data), array(changed), modifiedAt, madeOf);
    }

    private static Instant newest(Known known, Set<String> fields) {
        return fields.stream().map(known::writtenAt).max(Comparator.naturalOrder()).orElse(known.modifiedAt());
    }

    private static Set<String> changed(Known known, ObjectNode data, EntityRules rules, Set<String> contested) {
        boolean afresh = known.isNewToStore();
        Set<String> fields = new LinkedHashSet<>(names(data));
        if (!afresh) {
            fields.addAll(names(known.base()));
        }
        fields.removeIf(field -> !rules.syncs(field) || contested.contains(field) || !afresh && known.storeHas(field));
        return fields;
    }

    private static String array(Set<String> texts) {
        ArrayNode array = Values.object().arrayNode();
        texts.forEach(array::add);
        return Values.write(array);
    }

    private static List<String> names(ObjectNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private Map<Long, Known> read(List<StoreDelivery> untried) {
        Map<Long, Known> found = new HashMap<>();
        jdbc.query(
                READ,
                ps -> Bind.to(ps).numbers(untried, StoreDelivery::id),
                rs -> {
                    found.put(rs.getLong(1), known(rs));
                });
        return found;
    }

    private static Known known(ResultSet rs) throws SQLException {
        Instant modifiedAt = Columns.instant(rs, 4);
        String stamps = rs.getString(6);
        String base = rs.getString(8);
        return new Known(
                Values.object(rs.getString(2)),
                rs.getBoolean(3),
                modifiedAt,
                stamps == null ? Stamps.whole(new Stamp(modifiedAt, rs.getString(5))) : Stamps.parse(stamps),
                rs.getLong(7),
                base == null ? null : Values.object(base),
                Values.object(rs.getString(9)),
                rs.getBoolean(10),
                Values.object(rs.getString(11)));
    }

    private Map<String, Map<RecordKey, Set<String>>> contested(List<StoreDelivery> untried) {
        Map<String, Map<RecordKey, Set<String>>> contested = new HashMap<>();
        Map<List<String>, List<String>> keys = untried.stream().collect(Collectors.groupingBy(
                d -> List.of(d.storeId(), d.key().entityType()), Collectors.mapping(d -> d.key().key(), Collectors.toList())));
        keys.forEach((group, ofGroup) -> storeRecords.contested(group.get(0), group.get(1), ofGroup).forEach((key, fields) ->
                contested.computeIfAbsent(group.get(0), store -> new HashMap<>()).put(new RecordKey(group.get(1), key), fields)));
        return contested;
    }
}
