package dev.serai.decision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictKey;
import dev.serai.delivery.Courier;
import dev.serai.record.StoreRecords;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import dev.serai.testing.StoreSides;
import dev.serai.web.ApiException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AddLifecycleHook;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Two stores and the platform edit the same records, somebody decides and takes back, deliveries go out: an undo restores exactly what its
 * decision changed, or is refused and changes nothing; whoever lacks something has a delivery waiting; in the end all have the same.
 * {@code -Dserai.undo.seed=7} walks other ways.
 */
@AddLifecycleHook(value = UndoTest.Seed.class, propagateTo = PropagationMode.DIRECT_DESCENDANTS)
class UndoTest {

    private static final List<String> STORES = List.of("a", "b");
    private static final List<String> KEYS = List.of("p", "q");
    private static final List<String> FIELDS = List.of("price", "title");
    private static final String SECRET = "whsec_c2VyYWkgdGVzdCBzZWNyZXQgb2Ygc3RvcmVz";
    private static final Pattern TIME = Pattern.compile("\\d{4}-[-0-9T:.]+Z");
    private static Core core;

    private enum Kind { TELL, TELL_AHEAD, EDIT, SEND, ARRIVE, RESOLVE, RESOLVE_ALIKE, UNDO, STORE_DELETES, PLATFORM_DELETES }

    static final class Seed implements AroundPropertyHook {

        @Override
        public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
            String seed = System.getProperty("serai.undo.seed");
            if (seed != null) {
                context.attributes().setSeed(seed);
            }
            return property.execute();
        }
    }

    /** @param pick which of the conflicts or decisions that there are */
    private record Step(Kind kind, String store, String key, Map<String, Integer> values, String resolution, int pick) {

        @Override
        public String toString() {
            return switch (kind) {
                case TELL, TELL_AHEAD -> kind + " " + store + " " + key + values;
                case EDIT -> kind + " " + key + values;
                case RESOLVE, RESOLVE_ALIKE -> kind + " " + resolution + " #" + pick;
                case UNDO -> kind + " #" + pick;
                case STORE_DELETES -> kind + " " + store + " " + key;
                case PLATFORM_DELETES -> kind + " " + key;
                default -> kind.toString();
            };
        }
    }

    private static final Step SEND = new Step(Kind.SEND, null, null, Map.of(), null, 0);
    private static final Step ARRIVE = new Step(Kind.ARRIVE, null, null, Map.of(), null, 0);

    private static Step edit(String key, String field, int value) {
        return new Step(Kind.EDIT, null, key, Map.of(field, value), null, 0);
    }

    private static Step tell(String store, String key, String field, int value) {
        return new Step(Kind.TELL, store, key, Map.of(field, value), null, 0);
    }

    private static Step storeDeletes(String store, String key) {
        return new Step(Kind.STORE_DELETES, store, key, Map.of(), null, 0);
    }

    private static Step platformDeletes(String key) {
        return new Step(Kind.PLATFORM_DELETES, null, key, Map.of(), null, 0);
    }

    private static Step decide(String resolution, int pick) {
        return new Step(Kind.RESOLVE, null, null, Map.of(), resolution, pick);
    }

    private static Step takeBack(int pick) {
        return new Step(Kind.UNDO, null, null, Map.of(), null, pick);
    }

    @AfterContainer
    static void close() {
        if (core != null) {
            core.close();
            core = null;
        }
    }

    @Property(tries = 30, seed = "1")
    void undoRestoresExactly(@ForAll("edits") List<Step> steps) {
        walk(steps);
    }

    @Property(tries = 30, seed = "7495637465584493014")
    void undoRestoresExactlyAlsoWhereRecordsAreDeletedAndComeBack(@ForAll("editsAndDeletes") List<Step> steps) {
        walk(steps);
    }

    /** What a store told and the record has just like that is not kept with the store: nothing may come of that. */
    @Property(tries = 20, seed = "1")
    void whatFollowsFromARecordIsWhatWouldBeKeptBesideIt(@ForAll("editsAndDeletes") List<Step> steps) {
        assertThat(history(new World(), () -> {}, steps)).isEqualTo(history(new World(), UndoTest::keepAll, steps));
    }

    private static List<List<String>> history(World world, Runnable afterEach, List<Step> steps) {
        return steps.stream().map(step -> {
            world.take(step);
            afterEach.run();
            return world.known();
        }).toList();
    }

    private static void keepAll() {
        new TransactionTemplate(core.bean(PlatformTransactionManager.class)).executeWithoutResult(status ->
                core.bean(StoreRecords.class).lock(KEYS.stream().map(key -> new RecordKey("products", key)).toList()));
    }

    @Example
    void aStoreThatGoesBackToWhatWasAgreedIsSentWhatWasHeldBackMeanwhile() {
        walk(edit("p", "price", 4), tell("a", "p", "price", 2), SEND, tell("a", "p", "price", 1));
    }

    @Example
    void aStoreThatMakesARecordAgainIsSentAgainWhatWasOnItsWayWhenItDeletedIt() {
        walk(edit("p", "title", 4), SEND, storeDeletes("a", "p"), tell("a", "p", "price", 3));
    }

    @Example
    void aStoreThatBringsARecordBackIsSentAgainWhatWasOnItsWayWhenItDeletedIt() {
        walk(edit("p", "title", 4), SEND, storeDeletes("a", "p"), decide(Decisions.USE_STORE, 0), tell("a", "p", "price", 3),
                edit("p", "price", 2));
    }

    @Example
    void whatTheStoreToldAfterItWasSentStaysWhenTheMessageArrives() {
        walk(edit("p", "title", 4), SEND, tell("a", "p", "title", 2), tell("b", "p", "title", 2), decide(Decisions.USE_STORE, 0),
                edit("p", "title", 4));
    }

    @Example
    void aDecisionIsNotUndoneWhileTheDeleteThatItSentIsOnItsWay() {
        walk(platformDeletes("p"), tell("a", "p", "title", 2), decide(Decisions.USE_PLATFORM, 0), SEND, takeBack(0), ARRIVE, edit("p", "title", 2));
    }

    @Example
    void aDecisionIsNotUndoneWhileTheRecordThatItSentAgainIsOnItsWay() {
        walk(edit("p", "title", 4), storeDeletes("a", "p"), decide(Decisions.USE_PLATFORM, 0), SEND, takeBack(0), ARRIVE,
                decide(Decisions.USE_STORE, 0));
    }

    @Example
    void aStoreThatWasSentTheOtherValueBeforeTheUndoIsSentItsOwnWhereThePlatformComesToIt() {
        walk(edit("p", "price", 4), tell("a", "p", "price", 2), decide(Decisions.USE_PLATFORM, 0), SEND, takeBack(0), ARRIVE, edit("p", "price", 2));
    }

    @Example
    void aStoreIsSentTheDecidedValueAlsoWhereThePlatformHadItAlready() {
        walk(edit("p", "price", 9), tell("a", "p", "price", 2), SEND, decide(Decisions.USE_CUSTOM, 0));
    }

    @Example
    void aConflictShowsWhatOthersWroteIntoTheDeletedRecord() {
        walk(edit("p", "title", 3), tell("b", "p", "title", 4), platformDeletes("p"), tell("a", "p", "price", 4),
                decide(Decisions.USE_STORE, 1), decide(Decisions.USE_CUSTOM, 0), takeBack(1));
    }

    private static void walk(Step... steps) {
        walk(List.of(steps));
    }

    private static void walk(List<Step> steps) {
        World world = new World();
        steps.forEach(world::take);
        world.end();
    }

    @Provide
    Arbitrary<List<Step>> edits() {
        return steps(0);
    }

    @Provide
    Arbitrary<List<Step>> editsAndDeletes() {
        return steps(1);
    }

    private static Arbitrary<List<Step>> steps(int deletes) {
        Arbitrary<Kind> kinds = Arbitraries.frequency(
                Tuple.of(6, Kind.TELL), Tuple.of(1, Kind.TELL_AHEAD), Tuple.of(5, Kind.EDIT), Tuple.of(2, Kind.SEND), Tuple.of(2, Kind.ARRIVE),
                Tuple.of(4, Kind.RESOLVE), Tuple.of(2, Kind.RESOLVE_ALIKE), Tuple.of(5, Kind.UNDO), Tuple.of(deletes, Kind.STORE_DELETES),
                Tuple.of(deletes, Kind.PLATFORM_DELETES));
        return Combinators.combine(
                        kinds,
                        Arbitraries.of(STORES),
                        Arbitraries.of(KEYS),
                        Arbitraries.maps(Arbitraries.of(FIELDS), Arbitraries.integers().between(1, 4)).ofMinSize(1).ofMaxSize(2),
                        Arbitraries.of(Decisions.USE_STORE, Decisions.USE_PLATFORM, Decisions.USE_CUSTOM, Decisions.IGNORE),
                        Arbitraries.integers().between(0, 5))
                .as(Step::new)
                .list()
                .ofMinSize(4)
                .ofMaxSize(24);
    }

    /** What is known of one field of one record: value, stamp, what each store has agreed, what is pending. */
    private record FieldState(String value, String stamp, Map<String, String> bases, Map<Long, String> pending) {}

    private record Place(String key, String field) {}

    private record Made(long id, String store, Set<Long> conflicts, Map<Place, FieldState> before, Map<Place, FieldState> after) {}

    private static final class World {

        private final StoreChanges changes;
        private final Courier courier;
        private final Map<String, Map<String, Map<String, Integer>>> shops = new HashMap<>();
        private final List<Made> decisions = new ArrayList<>();

        private final Instant start;

        World() {
            if (core == null) {
                core = new Core();
                STORES.forEach(World::create);
            }
            core.jdbc().execute("TRUNCATE conflict, decision, delivery, record, store_record, journal, ledger, pending, event_seen");
            start = core.clock.instant();
            changes = new StoreChanges(core);
            courier = new Courier(core);
            STORES.forEach(store -> shops.put(store, new HashMap<>()));
            KEYS.forEach(key -> take(new Step(Kind.EDIT, null, key, Map.of("price", 1, "title", 1), null, 0)));
            take(SEND);
            take(ARRIVE);
        }

        private static void create(String store) {
            EntityConfig entity = new StoreChanges(core).entity("manual_resolution", Direction.BIDIRECTIONAL);
            core.bean(Stores.class).create(new StoreConfig(store, 0, false, Frequency.REAL_TIME, List.of(entity), List.of(),
                    new WebhookTarget(URI.create("http://127.0.0.1:1/" + store), true)), SECRET, "test");
        }

        void take(Step step) {
            core.clock.advance(Duration.ofSeconds(1));
            Instant now = core.clock.instant();
            switch (step.kind) {
                case TELL -> tell(step, now);
                case TELL_AHEAD -> tell(step, now.plusSeconds(3_600));
                case EDIT -> changes.edit(now, "products", step.key, json(step.values));
                case SEND -> courier.send().forEach(this::deliver);
                case ARRIVE -> courier.arrive();
                case STORE_DELETES -> {
                    shops.get(step.store).remove(step.key);
                    changes.delete(step.store, now, step.key);
                }
                case PLATFORM_DELETES -> {
                    changes.platformDelete(now, step.key);
                }
                case RESOLVE, RESOLVE_ALIKE -> resolve(step);
                case UNDO -> undo(step);
            }
            balanced();
            nobodyIsForgotten();
        }

        private void tell(Step step, Instant at) {
            shops.get(step.store).computeIfAbsent(step.key, k -> new TreeMap<>()).putAll(step.values);
            if (isAmbiguous(step.store, step.key)) {
                courier.arrive();
            }
            changes.tell(step.store, at, step.key, json(shops.get(step.store).get(step.key)));
        }

        /** A store that has gone back to the value before, while the new one was under way, looks like one that has not got it yet. */
        private boolean isAmbiguous(String store, String key) {
            Map<String, Integer> told = shops.get(store).get(key);
            return told.entrySet().stream().anyMatch(field -> exists(
                            "sent ->> ? <> ? AND base ->> ? = ?", store, key, field.getKey(), "" + field.getValue(), field.getKey(), "" + field.getValue()))
                    || exists("sent ->> '_deleted' = 'true' AND base @> ?::jsonb", store, key, json(told));
        }

        private static boolean exists(String where, Object... parameters) {
            return core.jdbc().queryForObject(
                    "SELECT count(*) FROM " + StoreSides.TABLE + " WHERE store_id = ? AND record_key = ? AND " + where, Integer.class, parameters) > 0;
        }

        private static String json(Map<String, Integer> values) {
            ObjectNode json = Values.object();
            new TreeMap<>(values).forEach(json::put);
            return Values.write(json);
        }

        private void deliver(Courier.Message message) {
            Map<String, Map<String, Integer>> shop = shops.get(message.storeId());
            if (message.deleted()) {
                shop.remove(message.key().key());
                return;
            }
            Map<String, Integer> record = shop.computeIfAbsent(message.key().key(), k -> new TreeMap<>());
            message.changed().properties().forEach(field -> {
                if (field.getValue().isNull()) {
                    record.remove(field.getKey());
                } else {
                    record.put(field.getKey(), field.getValue().intValue());
                }
            });
        }

        private void resolve(Step step) {
            List<Long> pending = core.jdbc().queryForList("SELECT id FROM conflict WHERE status = 'pending' ORDER BY id", Long.class);
            if (pending.isEmpty()) {
                return;
            }
            long id = pending.get(step.pick % pending.size());
            boolean existence = core.jdbc().queryForObject("SELECT field = '_deleted' FROM conflict WHERE id = ?", Boolean.class, id);
            boolean custom = step.resolution.equals(Decisions.USE_CUSTOM);
            if (existence && custom) {
                return;
            }
            Map<Place, FieldState> before = state();
            Decisions.Result result = core.bean(Decisions.class)
                    .resolve(id, step.resolution, custom ? IntNode.valueOf(9) : null, step.kind == Kind.RESOLVE_ALIKE, "test");
            Map<Place, FieldState> after = state();
            Set<Long> ended = new TreeSet<>(pending);
            ended.removeAll(core.jdbc().queryForList("SELECT id FROM conflict WHERE status = 'pending'", Long.class));
            assertThat(ended).hasSizeGreaterThanOrEqualTo(result.conflicts());
            Set<Place> touched = new HashSet<>(before.keySet());
            touched.removeIf(place -> before.get(place).equals(after.get(place)));
            decisions.add(new Made(result.decisionId(), result.storeId(), ended, only(before, touched), only(after, touched)));
        }

        private static Map<Place, FieldState> only(Map<Place, FieldState> state, Set<Place> places) {
            Map<Place, FieldState> some = new LinkedHashMap<>(state);
            some.keySet().retainAll(places);
            return some;
        }

        private void undo(Step step) {
            if (decisions.isEmpty()) {
                return;
            }
            Made made = decisions.get(step.pick % decisions.size());
            Map<Place, FieldState> now = state();
            boolean asItWas = only(now, made.before.keySet()).equals(made.after);
            try {
                core.bean(Decisions.class).undo(made.id, "test");
            } catch (ApiException refused) {
                assertThat(refused.status()).isEqualTo(409);
                assertThat(asItWas).as("an undo that nothing is in the way of was refused: " + refused.getMessage()).isFalse();
                assertThat(state()).isEqualTo(now);
                return;
            }
            decisions.remove(made);
            Map<Place, FieldState> restored = state();
            made.before.forEach((place, before) -> {
                FieldState is = restored.get(place);
                FieldState after = made.after.get(place);
                boolean wrote = !after.value.equals(before.value) || !after.stamp.equals(before.stamp);
                assertThat(is.value).as(place + " value").isEqualTo(wrote ? before.value : now.get(place).value);
                assertThat(is.stamp).as(place + " stamp").isEqualTo(wrote ? before.stamp : now.get(place).stamp);
                assertThat(is.pending.keySet()).as(place + " pending").containsAll(
                        before.pending.keySet().stream().filter(made.conflicts::contains).toList());
                if (asItWas) {
                    assertThat(is).as(place.toString()).isEqualTo(before);
                }
            });
            now.forEach((place, before) -> {
                if (!made.before.containsKey(place)) {
                    assertThat(restored.get(place)).as("not the decision's: " + place).isEqualTo(before);
                }
            });
        }

        private Map<Place, FieldState> state() {
            Map<Place, FieldState> state = new LinkedHashMap<>();
            core.jdbc().query(
                    "SELECT record_key, payload::text, stamps, modified_at, source, deleted FROM record ORDER BY 1",
                    rs -> {
                        ObjectNode fields = Values.object(rs.getString(2));
                        Stamp newest = new Stamp(rs.getTimestamp(4).toInstant(), rs.getString(5));
                        Stamps stamps = rs.getString(3) == null ? Stamps.whole(newest) : Stamps.parse(rs.getString(3));
                        String key = rs.getString(1);
                        for (String field : FIELDS) {
                            state.put(new Place(key, field), field(key, field, text(fields.get(field)), Objects.toString(stamps.of(field))));
                        }
                        boolean deleted = rs.getBoolean(6);
                        state.put(new Place(key, ConflictKey.EXISTENCE),
                                field(key, ConflictKey.EXISTENCE, String.valueOf(deleted), deleted ? newest.toString() : ""));
                    });
            return state;
        }

        /** The same for the same steps, whenever they are taken. */
        List<String> known() {
            List<String> known = new ArrayList<>(StoreSides.all(core.jdbc(), start));
            state().forEach((place, field) -> known.add(
                    place + " " + field.value + " " + field.bases + " " + field.pending.size() + " " + sinceStart(field.stamp)));
            return known;
        }

        private String sinceStart(String stamp) {
            Matcher at = TIME.matcher(stamp);
            return at.replaceAll(time -> Duration.between(start, Instant.parse(time.group())).toString());
        }

        private static String text(JsonNode value) {
            return Values.isNothing(value) ? "-" : value.toString();
        }

        private static FieldState field(String key, String field, String value, String stamp) {
            Map<String, String> bases = new TreeMap<>();
            core.jdbc().query(
                    "SELECT store_id, base::text, coalesce(sent->>'_deleted', deleted::text) FROM " + StoreSides.TABLE + " WHERE record_key = ?",
                    rs -> {
                        bases.put(rs.getString(1), field.equals(ConflictKey.EXISTENCE)
                                ? rs.getString(3)
                                : text(Values.object(rs.getString(2)).get(field)));
                    }, key);
            Map<Long, String> pending = new TreeMap<>();
            core.jdbc().query("""
                    SELECT id, to_jsonb(c) - 'undo' - 'platform_modified_at' FROM conflict c WHERE status = 'pending' AND record_key = ? AND field = ?""",
                    rs -> {
                        pending.put(rs.getLong(1), rs.getString(2));
                    }, key, field);
            return new FieldState(value, stamp, bases, pending);
        }

        private void balanced() {
            Map<String, Long> journal = new TreeMap<>();
            core.jdbc().query("SELECT outcome, count(*) FROM journal GROUP BY 1", rs -> {
                journal.put(rs.getString(1), rs.getLong(2));
            });
            Map<String, Long> ledger = new TreeMap<>();
            core.ledger().total().outcomes().forEach((outcome, n) -> {
                if (n != 0) {
                    ledger.put(outcome.name(), n);
                }
            });
            journal.remove("UNCHANGED");
            ledger.remove("UNCHANGED");
            assertThat(ledger).isEqualTo(journal);
        }

        /** A store that is not known to have a value, and about which nobody is to decide, has a delivery waiting. */
        private void nobodyIsForgotten() {
            List<String> forgotten = core.jdbc().queryForList("""
                    SELECT s.store_id || ' ' || r.record_key || ' ' || f.key || ': ' || s.base || ' ' || coalesce(s.sent, '{}') || ', not ' || r.payload
                    FROM record r JOIN %s s USING (entity_type, record_key) CROSS JOIN LATERAL jsonb_each(r.payload::jsonb) f
                    WHERE NOT r.deleted AND NOT s.deleted AND f.key IN ('price', 'title') AND coalesce(s.sent->f.key, s.base->f.key) <> f.value
                      AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.store_id = s.store_id AND d.record_key = r.record_key)
                      AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.store_id = s.store_id AND c.record_key = r.record_key
                                      AND (c.field = f.key OR c.field = '_deleted') AND c.status IN ('pending', 'ignored'))
                    UNION ALL
                    SELECT s.store_id || ' ' || r.record_key || ' is deleted' FROM record r JOIN store_record s USING (entity_type, record_key)
                    WHERE r.deleted AND NOT s.deleted
                      AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.store_id = s.store_id AND d.record_key = r.record_key)
                      AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.store_id = s.store_id AND c.record_key = r.record_key
                                      AND c.field = '_deleted' AND c.status IN ('pending', 'ignored'))""".formatted(StoreSides.TABLE), String.class);
            assertThat(forgotten).isEmpty();
        }

        /** Everything is decided and delivered: then the stores have what the platform has, but for what was to be ignored. */
        void end() {
            for (int round = 0; round < 20; round++) {
                take(ARRIVE);
                take(SEND);
                take(decide(Decisions.USE_PLATFORM, 0));
            }
            assertThat(core.jdbc().queryForObject("SELECT count(*) FROM delivery", Integer.class)).isZero();
            core.jdbc().query("SELECT record_key, payload::text, deleted FROM record", rs -> {
                String key = rs.getString(1);
                ObjectNode record = rs.getBoolean(3) ? Values.object() : Values.object(rs.getString(2));
                for (String store : STORES) {
                    Map<String, Integer> has = shops.get(store).getOrDefault(key, Map.of());
                    for (String field : FIELDS) {
                        if (!isIgnored(store, key, field)) {
                            assertThat(has.get(field) == null ? "-" : has.get(field).toString()).as(store + " " + key + " " + field)
                                    .isEqualTo(text(record.get(field)));
                        }
                    }
                }
            });
        }

        private static boolean isIgnored(String store, String key, String field) {
            return core.jdbc().queryForObject("""
                    SELECT count(*) FROM conflict WHERE store_id = ? AND record_key = ? AND field IN (?, '_deleted') AND status = 'ignored'""",
                    Integer.class, store, key, field) > 0;
        }
    }
}
