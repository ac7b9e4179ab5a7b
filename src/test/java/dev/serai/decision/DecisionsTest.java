package dev.serai.decision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.RecordKey;
import dev.serai.conflict.ConflictList;
import dev.serai.journal.LedgerReport;
import dev.serai.record.RecordHistory;
import dev.serai.rules.Values;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import dev.serai.testing.StoreSides;
import dev.serai.web.ApiException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionsTest {

    private final Core core = new Core();
    private final StoreChanges stores = new StoreChanges(core);

    @BeforeEach
    void oneFieldWaitsForADecision() {
        stores.create("a", "manual_resolution");
        tell(1, "p", "{'price': 10, 'title': 'Tea'}");
        edit(2, "p", "{'price': 12}");
        tell(3, "p", "{'price': 11, 'title': 'Chai'}");
    }

    @AfterEach
    void ledgerBalances() {
        LedgerReport report = core.ledger().report(null, null, 100);
        assertThat(report.differences()).isEmpty();
        assertThat(report.balanced()).isTrue();
        core.close();
    }

    @ParameterizedTest
    @CsvSource({"use_store_value, 11", "use_platform_value, 12", "use_custom_value, 99", "ignore, 12"})
    void everyResolutionSettlesTheChangeAndCanBeUndoneExactly(String resolution, String price) {
        Map<String, Object> before = everything();
        assertThat(stores.outcomes()).isEqualTo("APPLIED 2, CONFLICT 1");

        Decisions.Result decided = resolve(resolution, resolution.equals("use_custom_value") ? "99" : null, false);

        assertThat(price()).isEqualTo(price);
        assertThat(core.jdbc().queryForObject("SELECT status FROM conflict", String.class))
                .isEqualTo(resolution.equals("ignore") ? "ignored" : "resolved");
        assertThat(stores.outcomes()).doesNotContain("CONFLICT");

        core.bean(Decisions.class).undo(decided.decisionId(), "test");

        assertThat(everything()).isEqualTo(before);
        assertThat(stores.outcomes()).contains("CONFLICT 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"use_store_value", "use_platform_value", "use_custom_value", "ignore"})
    void whatIsDecidedIsNotAskedAgainWhenTheStoreRestatesIt(String resolution) {
        resolve(resolution, resolution.equals("use_custom_value") ? "99" : null, false);
        String decided = price();

        tell(9, "p", "{'price': 11, 'title': 'Masala'}");

        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM conflict WHERE status = 'pending'", Integer.class)).isZero();
        assertThat(price()).isEqualTo(decided);
    }

    @Test
    void theStoresStreamNamesTheConflictWheneverItComesOrGoes() {
        String conflict = ConflictList.conflictId(pending());
        Decisions.Result decided = resolve("use_store_value", null, false);
        core.bean(Decisions.class).undo(decided.decisionId(), "test");

        tell(9, "p", "{'price': 12}");

        assertThat(core.jdbc().queryForList("""
                SELECT concat_ws(' ', event, data ->> 'conflict_id', data ->> 'entity_id', data ->> 'field', data ->> 'reason', data ->> 'resolution')
                FROM store_event WHERE event LIKE 'conflict%' ORDER BY position""", String.class)).containsExactly(
                "conflict_detected " + conflict + " p price both_changed",
                "conflict_resolved " + conflict + " p price use_store_value",
                "conflict_detected " + conflict + " p price use_store_value",
                "conflict_resolved " + conflict + " p price settled_by_itself");
    }

    @Test
    void aDecisionIsAChangeWithAVersionOfItsOwn() {
        resolve("use_store_value", null, false);

        RecordHistory.State state = core.bean(RecordHistory.class).find(new RecordKey("products", "p")).orElseThrow();
        RecordHistory.Version newest = core.bean(RecordHistory.class).versions(state, 0, 1).get(0);
        assertThat(newest.source()).isEqualTo("decision");
        assertThat(newest.outcome()).isEqualTo("APPLIED");
        assertThat(state.version()).isEqualTo(4);
    }

    @Test
    void tenThousandConflictsAlikeAreDecidedAndUndoneAtOnce() {
        core.jdbc().update("""
                INSERT INTO record (entity_type, record_key, payload, hash, version, modified_at, origin, source, last_change)
                SELECT 'products', 'k' || i, '{"price": 5}', i, 1, now() - interval '1 h', 'erp', 'erp', 0 FROM generate_series(1, 10000) i""");
        core.jdbc().update("""
                INSERT INTO store_record (entity_type, record_key, store_id, base)
                SELECT 'products', 'k' || i, 'a', '{"price": 4}' FROM generate_series(1, 10000) i""");
        core.jdbc().update("""
                INSERT INTO journal (accepted_at, source, store_id, entity_type, record_key, operation, modified_at, hash, payload, outcome, partial)
                SELECT now(), 'a', 'a', 'products', 'k' || i, 'UPSERT', now(), i, '{"price": 6}', 'CONFLICT', true FROM generate_series(1, 10000) i""");
        core.jdbc().update("INSERT INTO ledger VALUES (NULL, 'a', 'products', '*', NULL, 10000), (NULL, 'a', 'products', 'CONFLICT', NULL, 10000)");
        core.jdbc().update("""
                INSERT INTO conflict (store_id, entity_type, record_key, field, reason, store_value, platform_value, store_modified_at, seq,
                                      accepted_at, status, created_at)
                SELECT 'a', 'products', record_key, 'price', 'both_changed', '6', '5', now(), seq, accepted_at, 'pending', now()
                FROM journal WHERE outcome = 'CONFLICT' AND payload = '{"price": 6}'""");

        Decisions.Result decided = resolve("use_store_value", null, true);

        assertThat(decided.conflicts()).isEqualTo(10_001);
        assertThat(count("record", "payload->>'price' = '6'")).isEqualTo(10_000);
        assertThat(stores.outcomes()).isEqualTo("APPLIED 20004");
        core.bean(Decisions.class).undo(decided.decisionId(), "test");
        assertThat(count("record", "payload->>'price' = '5'")).isEqualTo(10_000);
        assertThat(count("conflict", "status = 'pending'")).isEqualTo(10_001);
        assertThat(stores.outcomes()).isEqualTo("APPLIED 20004, CONFLICT 10001");
    }

    @Test
    void anUndoThatWouldLoseALaterChangeIsRefusedAndSaysWhich() {
        long decision = resolve("use_store_value", null, false).decisionId();
        core.clock.advance(Duration.ofMinutes(1));
        stores.edit(core.clock.instant(), "products", "p", "{'price': 20}");

        assertThatThrownBy(() -> core.bean(Decisions.class).undo(decision, "test"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(409))
                .hasMessageContaining("products p, price");
        assertThat(price()).isEqualTo("20");
    }

    @Test
    void aDecisionIsUndoneOnceAndAConflictDecidedOnce() {
        long conflict = pending();
        long decision = resolve("ignore", null, false).decisionId();
        assertThatThrownBy(() -> core.bean(Decisions.class).resolve(conflict, "ignore", null, false, "test"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(409));
        core.bean(Decisions.class).undo(decision, "test");
        assertThatThrownBy(() -> core.bean(Decisions.class).undo(decision, "test"))
                .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(409));
    }

    @Test
    void aDeleteAgainstAnEditIsDecidedAndUndone() {
        resolve("use_platform_value", null, false);
        stores.delete("a", stores.at(20), "p");
        Map<String, Object> before = everything();

        long decision = resolve("use_store_value", null, false).decisionId();
        assertThat(count("record", "deleted")).isEqualTo(1);
        core.bean(Decisions.class).undo(decision, "test");

        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void listsShowWhatTheApiShows() {
        ConflictList.Shown shown = core.bean(ConflictList.class).list("a", "pending", "products", 1, 20).get(0);
        assertThat(List.of(shown.field(), shown.storeValue(), shown.platformValue(), shown.reason())).containsExactly("price", "11", "12", "both_changed");
        assertThat(shown.lastModifiedPlatform()).isEqualTo(stores.at(2));
        assertThat(core.bean(ConflictList.class).count("a", null, null)).isEqualTo(1);
        assertThat(core.bean(ConflictList.class).list("b", null, null, 1, 20)).isEmpty();
    }

    private Decisions.Result resolve(String resolution, String value, boolean similar) {
        JsonNode custom = value == null ? null : Values.read(value);
        return core.bean(Decisions.class).resolve(pending(), resolution, custom, similar, "test");
    }

    private long pending() {
        return core.jdbc().queryForObject("SELECT min(id) FROM conflict WHERE status = 'pending'", Long.class);
    }

    /** What an undo has to bring back. */
    private Map<String, Object> everything() {
        return Map.of(
                "record", core.jdbc().queryForList("""
                        SELECT payload::text, modified_at, deleted, (SELECT string_agg(g::text, ' ' ORDER BY g::text)
                            FROM jsonb_array_elements(stamps::jsonb) AS g WHERE jsonb_typeof(g) = 'array') AS stamps FROM record""").toString(),
                "base", StoreSides.all(core.jdbc(), Instant.EPOCH),
                "conflict", core.jdbc().queryForList(
                        "SELECT id, field, reason, store_value, platform_value, store_modified_at, seq, status, decision_id, undo FROM conflict").toString());
    }

    private String price() {
        return core.jdbc().queryForObject("SELECT payload->>'price' FROM record WHERE record_key = 'p'", String.class);
    }

    private long count(String table, String where) {
        return core.jdbc().queryForObject("SELECT count(*) FROM " + table + " WHERE " + where, Long.class);
    }

    private void tell(int second, String key, String json) {
        stores.tell("a", stores.at(second), key, json);
    }

    private void edit(int second, String key, String json) {
        stores.edit(stores.at(second), "products", key, json);
    }
}
