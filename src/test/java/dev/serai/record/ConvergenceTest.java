package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.Outcome;
import dev.serai.journal.Entry;
import dev.serai.rules.EntityRules;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for any edits of one record by three stores and the platform, in whatever order they arrive. */
class ConvergenceTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final List<String> WRITERS = List.of("a", "b", "c", "platform");
    private static final List<String> FIELDS = List.of("title", "price", "colour");

    /** One edit; its value is like no other's. */
    private record EditOf(String writer, int second, Set<String> fields, boolean deletes) {}

    @Property(tries = 500)
    void anyArrivalOrderConvergesUnderLastWriteWins(@ForAll("edits") List<EditOf> edits, @ForAll Random random) {
        List<EditOf> shuffled = new ArrayList<>(edits);
        Collections.shuffle(shuffled, random);

        assertThat(arrive(shuffled, "last_write_wins").state()).isEqualTo(arrive(edits, "last_write_wins").state());
    }

    @Property(tries = 500)
    void mergingDifferentFieldsNeverLosesOne(@ForAll("edits") List<EditOf> edits, @ForAll Random random) {
        List<EditOf> apart = new ArrayList<>();
        for (String field : FIELDS) {
            edits.stream().filter(e -> !e.deletes && e.fields.contains(field)).findFirst()
                    .ifPresent(e -> apart.add(new EditOf(e.writer, e.second, Set.of(field), false)));
        }
        for (String strategy : EntityRules.STRATEGIES) {
            List<EditOf> shuffled = new ArrayList<>(apart);
            Collections.shuffle(shuffled, random);
            World world = arrive(shuffled, strategy);
            apart.forEach(edit -> edit.fields.forEach(field ->
                    assertThat(world.value(field)).as(strategy).isEqualTo(value(edit, field))));
        }
    }

    @Property(tries = 500)
    void nothingOlderOvertakesWhatIsNewer(@ForAll("edits") List<EditOf> edits) {
        World world = new World("last_write_wins");
        Map<String, Stamp> newest = new HashMap<>();
        for (EditOf edit : edits) {
            world.arrive(edit);
            if (!edit.deletes) {
                Stamp stamp = new Stamp(START.plusSeconds(edit.second), edit.writer);
                edit.fields.forEach(field -> newest.merge(field, stamp, (x, y) -> x.compareTo(y) >= 0 ? x : y));
            }
            newest.forEach((field, stamp) -> {
                if (world.isThere()) {
                    assertThat(world.value(field)).isEqualTo(stamp.writer() + stamp.at() + field);
                }
            });
        }
    }

    @Provide
    Arbitrary<List<EditOf>> edits() {
        return Combinators.combine(
                        Arbitraries.of(WRITERS),
                        Arbitraries.integers().between(0, 20),
                        Arbitraries.of(FIELDS).set().ofMinSize(1).ofMaxSize(3),
                        Arbitraries.integers().between(0, 9))
                .as((writer, second, fields, chance) -> new EditOf(writer, second, fields, chance == 0))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12)
                .map(ConvergenceTest::oneAtATime);
    }

    /** A writer has one edit a second. */
    private static List<EditOf> oneAtATime(List<EditOf> edits) {
        Set<String> seen = new HashSet<>();
        return edits.stream().filter(edit -> seen.add(edit.writer + edit.second)).toList();
    }

    private static String value(EditOf edit, String field) {
        return edit.writer + START.plusSeconds(edit.second) + field;
    }

    private static World arrive(List<EditOf> edits, String strategy) {
        World world = new World(strategy);
        edits.forEach(world::arrive);
        return world;
    }

    /** One record, each change a batch of its own. */
    private static final class World {

        private final EntityRules rules;
        private final Map<String, Side> sides = new HashMap<>();
        private final Conflicts conflicts = new Conflicts();
        private Current current;
        private long seq;

        World(String strategy) {
            rules = new EntityRules(new EntityRules.Settings("products", true, strategy, List.of(), List.of("id"), "updated_at", "deleted",
                    List.of(), Set.of(), Set.of(), Duration.ofMinutes(5), List.of()));
            arrive(new EditOf("platform", -1, Set.of("origin"), false));
        }

        void arrive(EditOf edit) {
            Change change = change(edit);
            Writes writes = new Writes(current == null ? Map.of() : Map.of(change.recordKey(), current), conflicts);
            sides.values().forEach(writes::add);
            new Decider(writes, Map.of(), Set.of(), c -> c.storeId() == null ? null : rules)
                    .decide(Entry.journalled(change, START.plusSeconds(60), ++seq, Outcome.ACCEPTED, 0));
            Current after = writes.record(change.recordKey());
            current = after == null ? null : new Current(1, after.version(), after.modifiedAt(), after.writer(), after.origin(), after.hash(),
                    after.deleted(), after.lastChange(), after.content());
            writes.touched().forEach(side -> sides.put(side.storeId(), side));
        }

        private static Change change(EditOf edit) {
            ObjectNode content = Values.object();
            edit.fields.forEach(field -> content.put(field, ConvergenceTest.value(edit, field)));
            boolean store = !edit.writer.equals("platform");
            return new Change(edit.writer, store ? edit.writer : null, null, "products", "p",
                    edit.deletes ? Operation.DELETE : Operation.UPSERT, START.plusSeconds(edit.second), null, null, 0,
                    edit.deletes ? null : content.toString(), false, true);
        }

        boolean isThere() {
            return current != null && !current.deleted();
        }

        String value(String field) {
            return current.content().fields().path(field).asText(null);
        }

        /** The fields of a record that is there, in the order of their names. */
        String state() {
            if (!isThere()) {
                return "none";
            }
            Map<String, String> fields = new TreeMap<>();
            FIELDS.forEach(field -> fields.put(field, String.valueOf(value(field))));
            return fields.toString();
        }
    }
}
