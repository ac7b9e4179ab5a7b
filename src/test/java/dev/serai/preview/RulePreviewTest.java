package dev.serai.preview;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.conflict.ConflictList;
import dev.serai.decision.Decisions;
import dev.serai.preview.RulePreview.Result;
import dev.serai.rules.SyncRule;
import dev.serai.store.Stores;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RulePreviewTest {

    private static final SyncRule HIGHEST = new SyncRule("highest", "products", "price", "conflict_detected", "use_highest_value");

    private final Core core = new Core();
    private final StoreChanges stores = new StoreChanges(core);

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void saysWhichValuesWouldHaveBeenDifferentAndWritesNothing() {
        stores.create("a", "platform_priority");
        tell(1, "p", "{'price': 10, 'title': 'Tea'}");
        edit(2, "p", "{'price': 12, 'title': 'Chai'}");
        tell(3, "p", "{'price': 13, 'title': 'Matcha'}");
        tell(1, "q", "{'price': 1}");
        String before = everything();

        Result result = preview(List.of(HIGHEST), 1);

        assertThat(result.changes()).containsExactly(new RulePreview.Difference("products", "p", "price", "12", "13", "highest"));
        assertThat(result.totals()).isEqualTo(
                new RulePreview.Totals(3, 2, 1, Map.of("highest", 1L), Map.of("products.price", 1L), 0, 0, false));
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void theRulesInForceChangeNothing() {
        stores.create("a", "last_write_wins", List.of(HIGHEST));
        for (int i = 0; i < 60; i++) {
            String key = "k" + i % 5;
            if (i % 3 == 0) {
                edit(i, key, "{'price': " + i * 7 % 11 + ", 'inventory': {'$add': 1}}");
            } else {
                tell(i - i % 4, key, "{'price': " + i * 5 % 13 + ", 'title': 't" + i % 7 + "', 'inventory': " + i % 9 + "}");
            }
        }

        stores.tell("a", core.clock.instant().plus(Duration.ofHours(1)), "ahead", "{'price': 1, 'title': 'x'}");

        Result result = preview(List.of(HIGHEST), 1);

        assertThat(result.changes()).isEmpty();
        assertThat(result.totals().changes()).isGreaterThan(30);
    }

    @Test
    void onlyWhatFellIntoTheTimeIsReplayedFromTheStateThatItMet() {
        stores.create("a", "platform_priority");
        tell(1, "p", "{'price': 10}");
        edit(2, "p", "{'price': 12}");
        tell(3, "p", "{'price': 13}");
        core.clock.advance(Duration.ofDays(3));
        stores.edit(core.clock.instant(), "products", "p", "{'price': 20}");
        stores.tell("a", core.clock.instant(), "p", "{'price': 21}");

        Result result = preview(List.of(HIGHEST), 1);

        assertThat(result.changes()).containsExactly(new RulePreview.Difference("products", "p", "price", "20", "21", "highest"));
        assertThat(result.totals().changes()).isEqualTo(1);
    }

    @Test
    void whatAPersonDecidedIsNeededOnlyWhereTheRulesWouldHaveAsked() {
        stores.create("a", "manual_resolution");
        tell(1, "p", "{'price': 10, 'title': 'Tea'}");
        edit(2, "p", "{'price': 12, 'title': 'Chai'}");
        tell(3, "p", "{'price': 11, 'title': 'Matcha'}");
        for (ConflictList.Shown shown : core.bean(ConflictList.class).list("a", "pending", null, 1, 10)) {
            long id = ConflictList.conflictNumber(shown.conflictId()).orElseThrow();
            core.bean(Decisions.class).resolve(id, "use_store_value", null, false, "test");
        }

        Result result = preview(List.of(HIGHEST), 1);

        assertThat(result.changes()).containsExactly(new RulePreview.Difference("products", "p", "price", "11", "12", "highest"));
    }

    @Test
    void fieldsThatWouldWaitForAPersonAreCounted() {
        stores.create("a", "last_write_wins");
        tell(1, "p", "{'price': 10}");
        edit(2, "p", "{'price': 12}");
        tell(3, "p", "{'price': 13}");

        Result result = preview(List.of(new SyncRule("ask", null, null, "conflict_detected", "manual_resolution")), 1);

        assertThat(result.totals().stillPending()).isEqualTo(1);
        assertThat(result.changes()).extracting(RulePreview.Difference::wouldBeValue).containsExactly("12");
    }

    @Test
    void moreDifferencesThanAreShownAreCounted() {
        stores.create("a", "platform_priority");
        core.jdbc().update("""
                INSERT INTO journal (accepted_at, source, store_id, entity_type, record_key, operation, modified_at, hash, payload, outcome, partial,
                                     trace)
                SELECT ?, 'a', 'a', 'products', 'k' || i, 'UPSERT', ?, i, '{"price": 13}', 'SUPERSEDED', true,
                       '{"price":[12,12,10,1000000,"platform"]}'
                FROM generate_series(1, 1500) i""", Timestamp.from(core.clock.instant()), Timestamp.from(stores.at(1)));

        Result result = preview(List.of(HIGHEST), 1);

        assertThat(result.changes()).hasSize(1_000);
        assertThat(result.totals().truncated()).isTrue();
        assertThat(result.totals().different()).isEqualTo(1_500);
    }

    private Result preview(List<SyncRule> rules, int days) {
        return core.bean(RulePreview.class).preview(core.bean(Stores.class).get("a"), rules, days);
    }

    private String everything() {
        return core.jdbc().queryForList("SELECT * FROM record").toString() + core.jdbc().queryForList("SELECT * FROM journal")
                + core.jdbc().queryForList("SELECT * FROM store_record") + core.jdbc().queryForList("SELECT * FROM conflict");
    }

    private void tell(int second, String key, String json) {
        stores.tell("a", stores.at(second), key, json);
    }

    private void edit(int second, String key, String json) {
        stores.edit(stores.at(second), "products", key, json);
    }
}
