package dev.serai.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.rules.Decision.AskPerson;
import dev.serai.rules.Decision.KeepCurrent;
import dev.serai.rules.Decision.NoEdit;
import dev.serai.rules.Decision.TakeIncoming;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One field, decided: values in, a decision out. */
class FieldMergeTest {

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
        // strategy, base, current, incoming, seconds after the platform's edit, decision
        "last_write_wins,   10, 10, 11,  5, take merge",
        "last_write_wins,   10, 12, 11,  5, take last_write_wins",
        "last_write_wins,   10, 12, 11, -5, keep last_write_wins",
        "last_write_wins,   10, 12, 12,  5, AGREES",
        "last_write_wins,   10, 12, 10,  5, RESTATED",
        "last_write_wins,   10, 12, 10.0, 5, RESTATED",
        "last_write_wins,   10, 12, '\"10\"', 5, take last_write_wins",
        "last_write_wins,   10, 10, 11, 400, ask FUTURE_CLOCK",
        "store_priority,    10, 12, 11, -5, take store_priority",
        "platform_priority, 10, 12, 11,  5, keep platform_priority",
        "platform_priority, 10, 10, 11,  5, take merge",
        "platform_priority, 10, 10, 11, -5, keep merge",
        "manual_resolution, 10, 12, 11,  5, ask BOTH_CHANGED",
        "manual_resolution, 10, 10, 11,  5, take merge",
        "manual_resolution,   , 12, 11,  5, ask BOTH_CHANGED",
        "manual_resolution,   ,   , 11,  5, take merge",
    })
    void theStrategyDecidesWhatBothChanged(String strategy, String base, String current, String incoming, int seconds, String decision) {
        assertThat(decide(strategy, List.of(), "price", base, current, incoming, seconds)).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        "use_highest_value,  12, 11, keep rule",
        "use_highest_value,  12, 13, take rule",
        "use_lowest_value,   12, 11, take rule",
        "use_lowest_value,   12, 13, keep rule",
        "use_highest_value,  12, '\"13\"', take store_priority",
        "use_highest_value,  '\"a\"', '\"b\"', take rule",
        "use_highest_value,  '\"10\"', '\"9\"', keep rule",
        "use_highest_value,  '\"9.99\"', '\"+10\"', take rule",
        "use_lowest_value,   '\"10\"', '\"9\"', take rule",
        "use_lowest_value,   '\"-1\"', '\"-2.50\"', take rule",
        "use_lowest_value,   '\"1.0\"', '\"1\"', keep rule",
        "use_highest_value,  '\"10 EUR\"', '\"9 EUR\"', take rule",
        "use_highest_value,  '\"1e3\"', '\"9\"', take rule",
        "use_store_value,    12, 11, take rule",
        "use_platform_value, 12, 11, keep rule",
        "newest_wins,        12, 11, take rule",
        "sync_immediately,   12, 11, take store_priority",
        "manual_resolution,  12, 11, ask BOTH_CHANGED",
    })
    void aRuleBeatsTheStrategy(String action, String current, String incoming, String decision) {
        SyncRule rule = new SyncRule("rule", "products", "price", "conflict_detected", action);
        assertThat(decide("store_priority", List.of(rule), "price", "10", current, incoming, 5)).isEqualTo(decision);
        assertThat(decide("store_priority", List.of(rule), "price", "10", "10", incoming, 5)).isEqualTo("take merge");
        SyncRule always = new SyncRule("rule", "products", "price", "always", action);
        assertThat(decide("store_priority", List.of(always), "price", current, current, incoming, 5))
                .isEqualTo(decision.replace("BOTH_CHANGED", "RULE").replace("store_priority", "merge"));
    }

    @Test
    void theMostSpecificRuleIsAskedFirst() {
        SyncRule wide = new SyncRule("wide", null, null, "always", "use_store_value");
        SyncRule entity = new SyncRule("entity", "products", null, "always", "use_platform_value");
        SyncRule field = new SyncRule("field", "products", "price", "always", "use_lowest_value");
        assertThat(decide("last_write_wins", List.of(wide, entity, field), "price", "10", "12", "11", 5)).isEqualTo("take field");
        assertThat(decide("last_write_wins", List.of(wide, entity, field), "title", "1", "2", "3", 5)).isEqualTo("keep entity");
        assertThat(decide("last_write_wins", List.of(wide), "title", "1", "2", "3", 5)).isEqualTo("take wide");
    }

    @ParameterizedTest
    @CsvSource({
        "50, 50, 49, take counter 49",
        "50, 48, 49, take counter 47",
        "50, 1, 47, take counter 0",
        "50, 49, 49, take counter 48",
        "  ,   , 20, take counter 20",
        "  , 30, 20, keep counter",
        "50, 48, 50, RESTATED",
    })
    void anAbsoluteCountIsTheDifferenceFromWhatWasAgreed(String base, String current, String incoming, String decision) {
        FieldCase field = field("inventory", base, current, incoming, 400);
        Decision made = rules("manual_resolution", List.of()).decide(field);
        assertThat(text(made) + (made instanceof TakeIncoming take ? " " + take.value() : "")).isEqualTo(decision);
    }

    @Test
    void whatTheStoreHasToldAsOfLaterIsOlder() {
        FieldCase older = new FieldCase("price", value("11"), stamp(0), NOON, value("12"), stamp(0), value("10"), null, null, true);
        assertThat(rules("store_priority", List.of()).decide(older)).isEqualTo(NoEdit.OLDER);
    }

    @Test
    void whatIsOnItsWayOrContestedIsRestated() {
        FieldCase echo = new FieldCase("price", value("11"), stamp(0), NOON, value("12"), stamp(0), value("10"), value("11"), null, false);
        FieldCase again = new FieldCase("price", value("11"), stamp(0), NOON, value("12"), stamp(0), value("10"), null, value("11"), false);
        assertThat(rules("store_priority", List.of()).decide(echo)).isEqualTo(NoEdit.RESTATED);
        assertThat(rules("store_priority", List.of()).decide(again)).isEqualTo(NoEdit.RESTATED);
    }

    @ParameterizedTest
    @CsvSource({
        "equals, 5, 5.0, true", "equals, 5, '\"5\"', false", "equals, null, null, true", "not_equals, 5, 6, true",
        "greater_than, 5, 4, true", "greater_than, 5, 5, false", "greater_than, '\"5\"', 4, false", "greater_than, '\"10\"', '\"9\"', true", "less_than, '\"a\"', '\"b\"', true",
        "in, 5, '[4, 5.0]', true", "in, 5, '[\"5\"]', false", "not_in, 5, '[4]', true",
        "contains, '\"green tea\"', '\"tea\"', true", "contains, '[1, 2]', 2, true", "contains, 12, 2, false",
        "exists, 5, true, true", "exists, null, true, false", "exists, null, false, true",
    })
    void filtersCompareByValueAndNeverANumberWithAText(String operator, String found, String wanted, boolean passes) {
        JsonNode record = Values.read("{\"f\": " + found + "}");
        assertThat(new FieldFilter("f", operator, Values.read(wanted)).passes(record)).isEqualTo(passes);
    }

    @Test
    void numbersOfAnySizeAreComparedWithoutBeingWrittenOut() {
        assertThat(Values.same(value("1e1000000000"), value("1E+1000000000"))).isTrue();
        assertThat(Values.isCountable(value("1e1000000000"))).isFalse();
        assertThat(Values.same(Values.plus(value("3"), value("1e1000000000")), value("3"))).isTrue();
    }

    private static String decide(
            String strategy, List<SyncRule> rules, String name, String base, String current, String incoming, int seconds) {
        return text(rules(strategy, rules).decide(field(name, base, current, incoming, seconds)));
    }

    private static FieldCase field(String name, String base, String current, String incoming, int seconds) {
        return new FieldCase(
                name, value(incoming), stamp(seconds), NOON, value(current), new Stamp(NOON, "platform"), value(base), null, null, false);
    }

    private static Stamp stamp(int seconds) {
        return new Stamp(NOON.plusSeconds(seconds), "store");
    }

    private static JsonNode value(String json) {
        return json == null ? null : Values.read(json);
    }

    private static EntityRules rules(String strategy, List<SyncRule> rules) {
        return new EntityRules(new EntityRules.Settings("products", true, strategy, List.of(), List.of("id"), "updated_at", "deleted",
                List.of(), Set.of(), Set.of("inventory"), Duration.ofMinutes(5), rules));
    }

    private static String text(Decision decision) {
        if (decision instanceof TakeIncoming take) {
            return "take " + take.rule();
        }
        if (decision instanceof KeepCurrent keep) {
            return "keep " + keep.rule();
        }
        return decision instanceof AskPerson ask ? "ask " + ask.reason() : decision.toString();
    }
}
