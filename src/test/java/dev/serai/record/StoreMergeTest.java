package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.delivery.Courier;
import dev.serai.journal.Journal;
import dev.serai.journal.LedgerReport;
import dev.serai.record.StoreRecords.Sent;
import dev.serai.rules.FieldFilter;
import dev.serai.rules.SyncRule;
import dev.serai.rules.Values;
import dev.serai.store.DeleteMarker;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import dev.serai.testing.StoreSides;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Changes of stores, through the journal and the queue, on a real database. */
class StoreMergeTest {

    private final Core core = new Core();
    private final StoreChanges stores = new StoreChanges(core);

    @AfterEach
    void ledgerBalances() {
        LedgerReport report = core.ledger().report(null, null, 100);
        assertThat(report.differences()).isEmpty();
        assertThat(report.balanced()).isTrue();
        core.close();
    }

    @Test
    void changesOfDifferentFieldsMerge() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'id': 'p', 'title': 'Tea', 'price': 10}");
        edit(2, "{'price': 12}");

        tell("a", 3, "{'title': 'Green tea', 'price': 10}");

        assertThat(record()).isEqualTo("{'id': 'p', 'price': 12, 'title': 'Green tea'}");
        assertThat(outcomes()).isEqualTo("APPLIED 3");
    }

    @Test
    void whatAStoreToldAndTheRecordHasIsKeptOnceUntilSomebodyElseWritesIt() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'title': 'Tea', 'price': 10}");
        tell("a", 2, "{'title': 'Chai'}");
        assertThat(kept("a")).isEqualTo("{'title':'Tea','price':10}");
        assertThat(base("a")).isEqualTo("{'price': 10, 'title': 'Chai'}");

        edit(3, "{'title': 'Cha'}");
        assertThat(kept("a")).contains("'title':'Chai'");

        tell("a", 4, "{'title': 'Chai', 'price': 11}");
        assertThat(record()).isEqualTo("{'price': 11, 'title': 'Cha'}");
        assertThat(base("a")).isEqualTo("{'price': 11, 'title': 'Chai'}");
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void whatIsDeliveredCountsBeforeWhatTheStoreToldEarlier() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'title': 'Tea', 'price': 10}");
        tell("a", 2, "{'title': 'Chai', 'price': 11}");
        List<Sent> late = List.of(new Sent("a", new RecordKey("products", "p"), object("{'title': 'Tea'}"), false));
        core.bean(StoreRecords.class).sending(late);
        core.bean(StoreRecords.class).agreed(late);
        assertThat(base("a")).isEqualTo("{'price': 11, 'title': 'Tea'}");

        tell("a", 3, "{'title': 'Tea', 'price': 11}");

        assertThat(record()).isEqualTo("{'price': 11, 'title': 'Chai'}");
        assertThat(outcomes()).isEqualTo("APPLIED 2, UNCHANGED 1");
    }

    @Test
    void aFieldOfWhichOneTextMeansADeleteIsSyncedLikeOthers() {
        DeleteMarker marker = new DeleteMarker("state", TextNode.valueOf("gone"));
        stores.create("a", new EntityConfig("products", Direction.BIDIRECTIONAL, "manual_resolution", List.of(), List.of("id"), "updated_at",
                marker, List.of(), Set.of(), null, true), List.of());

        tell("a", 1, "{'state': 'active', 'price': 10}");

        assertThat(record()).isEqualTo("{'price': 10, 'state': 'active'}");
    }

    @Test
    void aNumberThatPostgresqlWritesOutAtLengthIsReadAgain() {
        stores.create("a", "last_write_wins");
        tell("a", 1, "{'weight': 1e-2000, 'price': 10}");
        tell("a", 2, "{'weight': 1e130000}");
        tell("a", 3, "{'weight': 2}");

        assertThat(record()).isEqualTo("{'price': 10, 'weight': 2}");
        assertThat(outcomes()).isEqualTo("APPLIED 3");
    }

    @Test
    void theYearsFrom1To9999AreTimes() {
        stores.create("a", "manual_resolution");
        stores.tell("a", Instant.parse("0001-01-01T00:00:00Z"), "p", "{'price': 10}");
        stores.tell("a", Instant.parse("0001-01-01T00:00:01Z"), "p", "{'price': 11}");
        stores.tell("a", Instant.parse("9999-12-31T23:59:59.999999Z"), "p", "{'price': 12}");

        assertThat(record()).isEqualTo("{'price': 11}");
        assertThat(conflicts()).containsExactly("price future_clock 12 11 pending");
    }

    @Test
    void onlyAFieldThatBothChangedToDifferentValuesIsAConflictAndTheOthersGoOn() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'title': 'Tea', 'price': 10, 'colour': 'red'}");
        edit(2, "{'price': 12, 'colour': 'green'}");

        tell("a", 3, "{'title': 'Chai', 'price': 11, 'colour': 'green'}");

        assertThat(record()).isEqualTo("{'price': 12, 'title': 'Chai', 'colour': 'green'}");
        assertThat(outcomes()).isEqualTo("APPLIED 2, CONFLICT 1");
        assertThat(conflicts()).containsExactly("price both_changed 11 12 pending");

        tell("a", 4, "{'title': 'Masala chai', 'price': 11}");
        assertThat(record()).contains("Masala chai");
        assertThat(outcomes()).isEqualTo("APPLIED 3, CONFLICT 1");
    }

    @Test
    void aNewerChangeOfTheFieldUpdatesThePendingConflictAndTheOlderChangeIsSuperseded() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'price': 10}");
        edit(2, "{'price': 12}");
        tell("a", 3, "{'price': 11}");

        tell("a", 4, "{'price': 11.5}");
        edit(5, "{'price': 13}");

        assertThat(conflicts()).containsExactly("price both_changed 11.5 13 pending");
        assertThat(outcomes()).isEqualTo("APPLIED 3, SUPERSEDED 1, CONFLICT 1");
    }

    @Test
    void aConflictEndsByItselfWhenBothSidesHaveTheSame() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'price': 10}");
        edit(2, "{'price': 12}");
        tell("a", 3, "{'price': 11}");
        edit(4, "{'price': 11}");
        assertThat(conflicts()).containsExactly("price both_changed 11 12 resolved");

        edit(5, "{'price': 14}");
        tell("a", 6, "{'price': 13}");
        tell("a", 7, "{'price': 14.0}");
        assertThat(conflicts()).containsExactly("price both_changed 11 12 resolved", "price both_changed 13 14 resolved");
        assertThat(outcomes()).isEqualTo("APPLIED 4, UNCHANGED 1, SUPERSEDED 2");
    }

    @Test
    void anOlderTimeOfTheSameStoreNeverOverwrites() {
        stores.create("a", "store_priority");
        tell("a", 9, "{'price': 10}");

        tell("a", 5, "{'price': 7, 'title': 'Tea'}");

        assertThat(record()).isEqualTo("{'price': 10, 'title': 'Tea'}");
    }

    @Test
    void prioritiesDecideConflicts() {
        stores.create("a", "store_priority");
        stores.create("b", "platform_priority");
        edit(5, "{'price': 10}");

        tell("b", 9, "{'price': 12}");
        assertThat(record()).isEqualTo("{'price': 10}");
        tell("a", 3, "{'price': 11}");
        assertThat(record()).isEqualTo("{'price': 11}");
        assertThat(outcomes()).isEqualTo("APPLIED 2, SUPERSEDED 1");
    }

    @Test
    void theMostSpecificRuleBeatsTheStrategy() {
        stores.create("a", "manual_resolution", List.of(
                new SyncRule("all", null, null, "conflict_detected", "use_platform_value"),
                new SyncRule("highest price", "products", "price", "conflict_detected", "use_highest_value")));
        tell("a", 1, "{'price': 10, 'title': 'Tea'}");
        edit(2, "{'price': 12, 'title': 'Black tea'}");

        tell("a", 3, "{'price': 13, 'title': 'Green tea'}");

        assertThat(record()).isEqualTo("{'price': 13, 'title': 'Black tea'}");
        assertThat(core.jdbc().queryForObject("SELECT rule FROM journal ORDER BY seq DESC LIMIT 1", String.class)).contains("highest price");
    }

    @Test
    void aTimeAheadOfTheClockNeverWins() {
        stores.create("a", "last_write_wins");
        tell("a", 1, "{'price': 10}");

        stores.tell("a", core.clock.instant().plus(Duration.ofMinutes(6)), "p", "{'price': 99, 'title': 'Tea'}");

        assertThat(record()).isEqualTo("{'price': 10}");
        assertThat(conflicts()).containsExactly("price future_clock 99 10 pending", "title future_clock \"Tea\" null pending");
        stores.tell("a", core.clock.instant(), "p", "{'price': 11}");
        assertThat(record()).isEqualTo("{'price': 11}");
        assertThat(conflicts()).contains("price future_clock 99 10 resolved");
    }

    @Test
    void salesOfTwoStoresAddUpAndNeverGoBelowZero() {
        stores.create("a", "last_write_wins");
        stores.create("b", "last_write_wins");
        tell("a", 1, "{'inventory': 50}");
        tell("b", 1, "{'inventory': 50}");

        tell("a", 2, "{'inventory': 49}");
        tell("b", 2, "{'inventory': 47}");
        assertThat(record()).isEqualTo("{'inventory': 46}");
        edit(3, "{'inventory': {'$add': -6}}");
        assertThat(record()).isEqualTo("{'inventory': 40}");
        tell("b", 4, "{'inventory': 0}");
        assertThat(record()).isEqualTo("{'inventory': 0}");
    }

    @Test
    void aCountThatIsOnItsWayIsWhatTheNextSaleCountsFrom() {
        stores.create("a", "last_write_wins");
        tell("a", 1, "{'inventory': 50}");
        edit(2, "{'inventory': {'$add': -10}}");
        Sent sent = new Sent("a", new RecordKey("products", "p"), object("{'inventory': 40}"), false);
        core.bean(StoreRecords.class).sending(List.of(sent));

        tell("a", 3, "{'inventory': 40}");
        assertThat(record()).isEqualTo("{'inventory': 40}");
        tell("a", 4, "{'inventory': 39}");
        assertThat(record()).isEqualTo("{'inventory': 39}");
        core.bean(StoreRecords.class).agreed(List.of(sent));
        tell("a", 5, "{'inventory': 38}");

        assertThat(record()).isEqualTo("{'inventory': 38}");
    }

    @Test
    void aDeliveryThatBeginsWhileAChangeIsDecidedIsNotLostAndNeitherIsTheChange() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'title': 'Tea', 'price': 10, 'colour': 'red'}");
        edit(2, "{'title': 'Cha', 'colour': 'green'}");

        whileOpen(
                () -> core.bean(StoreRecords.class).sending(List.of(
                        new Sent("a", new RecordKey("products", "p"), object("{'colour': 'green'}"), false))),
                () -> tell("a", 3, "{'title': 'Chai', 'price': 11}"),
                () -> {});

        assertThat(base("a")).isEqualTo("{'price': 11, 'title': 'Tea', 'colour': 'red'}");
        assertThat(conflicts()).containsExactly("title both_changed \"Chai\" \"Cha\" pending");
        assertThat(core.jdbc().queryForObject("SELECT sent ->> 'colour' FROM store_record", String.class)).isEqualTo("green");
    }

    @Test
    void whatAStoreHasIsReadAgainWhereItWasWrittenSince() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'title': 'Tea', 'colour': 'red'}");
        edit(2, "{'colour': 'green'}");

        whileOpen(
                () -> core.jdbc().update("UPDATE store_record SET delivered = ?::jsonb", "{\"colour\": \"green\"}"),
                () -> tell("a", 3, "{'colour': 'blue', 'size': 1}"),
                () -> {});

        assertThat(record()).isEqualTo("{'size': 1, 'title': 'Tea', 'colour': 'blue'}");
        assertThat(conflicts()).isEmpty();
    }

    @Test
    void aStoreThatTakesADeliveryWhileItsOwnChangeIsAppliedIsToldHowThingsStand() {
        serve("a");
        Courier courier = new Courier(core);
        tell("a", 1, "{'title': 'Tea', 'price': 10}");
        edit(2, "{'title': 'Cha'}");
        journal("a", 3, "p", "{'title': 'Chai'}");
        List<CompletableFuture<Void>> delivery = new ArrayList<>();

        core.pipeline().applyJournalled(now -> core.bean(PendingQueue.class).take(), "test", batch -> {
            delivery.add(CompletableFuture.runAsync(() -> {
                assertThat(courier.send()).singleElement().satisfies(sent -> assertThat(sent.changed()).isEqualTo(object("{'title': 'Cha'}")));
                courier.arrive();
            }));
            await().until(() -> delivery.get(0).isDone() || waits());
        });
        delivery.get(0).join();

        assertThat(record()).isEqualTo("{'price': 10, 'title': 'Chai'}");
        assertThat(courier.send()).singleElement().satisfies(sent -> assertThat(sent.changed()).isEqualTo(object("{'title': 'Chai'}")));
    }

    @Test
    void aDeliveryOfSeveralRecordsAndABatchOfTheirChangesDoNotWaitCrosswise() {
        stores.create("a", "last_write_wins");
        stores.create("b", "last_write_wins");
        tell("a", 1, "{'title': 'Tea'}");
        stores.tell("b", stores.at(1), "q", "{'title': 'Tea'}");
        edit(2, "{'title': 'Cha'}");
        journal("a", 3, "p", "{'title': 'Tea', 'price': 1}");
        journal("a", 3, "q", "{'title': 'Chai', 'price': 1}");
        StoreRecords storeRecords = core.bean(StoreRecords.class);

        whileOpen(
                () -> storeRecords.sending(List.of(new Sent("a", new RecordKey("products", "p"), object("{'title': 'Cha'}"), false))),
                core::drain,
                () -> storeRecords.sending(List.of(new Sent("a", new RecordKey("products", "q"), object("{'title': 'Tea'}"), false))));

        assertThat(core.jdbc().queryForObject("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()", Integer.class)).isZero();
        assertThat(outcomes()).isEqualTo("APPLIED 5");
    }

    private void serve(String store) {
        EntityConfig products = stores.entity("last_write_wins", Direction.BIDIRECTIONAL);
        core.bean(Stores.class).create(new StoreConfig(store, 0, false, Frequency.REAL_TIME, List.of(products), List.of(),
                new WebhookTarget(URI.create("http://127.0.0.1:1/" + store), true)), "whsec_c2VyYWkgdGVzdCBzZWNyZXQgb2Ygc3RvcmVz", "test");
    }

    /** Not yet applied. */
    private void journal(String store, int second, String key, String json) {
        stores.journal(stores.change(store, store, "products", key, Operation.UPSERT, stores.at(second), StoreChanges.quoted(json), false, true));
    }

    /** In a transaction: first the one, then, when the change is done or waits for that, the other. Returns when the change is done, too. */
    private void whileOpen(Runnable one, Runnable change, Runnable other) {
        CompletableFuture<Void> applied = new TransactionTemplate(core.bean(PlatformTransactionManager.class)).execute(status -> {
            one.run();
            CompletableFuture<Void> running = CompletableFuture.runAsync(change);
            await().until(() -> running.isDone() || waits());
            other.run();
            return running;
        });
        applied.join();
    }

    /** Whether anybody waits for a row that another transaction has written. */
    private boolean waits() {
        return core.jdbc().queryForObject("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'", Integer.class) > 0;
    }

    @Test
    void aStoreThatRepeatsWhatItWasSentChangesNothing() {
        stores.create("a", "last_write_wins");
        tell("a", 1, "{'price': 10}");
        edit(2, "{'price': 12}");
        Sent sent = new Sent("a", new RecordKey("products", "p"), object("{'price': 12}"), false);
        core.bean(StoreRecords.class).sending(List.of(sent));
        edit(3, "{'price': 13}");

        tell("a", 60, "{'price': 12}");
        core.bean(StoreRecords.class).agreed(List.of(sent));
        tell("a", 70, "{'price': 12, 'title': 'Tea'}");

        assertThat(record()).isEqualTo("{'price': 13, 'title': 'Tea'}");
    }

    @Test
    void deletesAndEditsOfTheTwoSidesAreAConflict() {
        stores.create("a", "manual_resolution");
        tell("a", 1, "{'price': 10}");
        stores.delete("a", stores.at(2), "p");
        assertThat(deleted()).isTrue();

        tell("a", 3, "{'price': 11}");
        assertThat(deleted()).isFalse();
        edit(4, "{'price': 12}");
        stores.delete("a", stores.at(5), "p");
        assertThat(deleted()).isFalse();
        assertThat(conflicts()).containsExactly("_deleted deleted true false pending");
    }

    @Test
    void underLastWriteWinsTheLaterOfDeleteAndEditStands() {
        stores.create("a", "last_write_wins");
        tell("a", 1, "{'price': 10, 'title': 'Tea'}");
        edit(5, "{'price': 12}");
        stores.delete("a", stores.at(3), "p");
        assertThat(deleted()).isFalse();
        stores.delete("a", stores.at(6), "p");
        assertThat(deleted()).isTrue();
        tell("a", 7, "{'price': 13}");
        assertThat(record()).isEqualTo("{'price': 13, 'title': 'Tea'}");
    }

    @Test
    void aFieldThatAStoreOnlyTellsAgainWhenItBringsARecordBackIsNoEdit() {
        stores.create("a", "last_write_wins");
        tell("a", 1, "{'price': 10, 'title': 'Tea'}");
        edit(2, "{'price': 12}");
        stores.platformDelete(stores.at(3), "p");

        tell("a", 5, "{'price': 10, 'title': 'Chai'}");
        assertThat(deleted()).isFalse();
        assertThat(record()).isEqualTo("{'price': 12, 'title': 'Chai'}");
        edit(4, "{'price': 13, 'title': 'Green tea'}");
        assertThat(record()).as("no stamp of the store's on the price").isEqualTo("{'price': 13, 'title': 'Chai'}");
        assertThat(base("a")).isEqualTo("{'price': 10, 'title': 'Chai'}");
    }

    @Test
    void whatComesLateOfARecordWhoseDeleteIsOnItsWayMakesNoEditOfWhatIsToldAgain() {
        stores.create("a", "last_write_wins");
        tell("a", 2, "{'price': 10, 'title': 'Tea'}");
        stores.platformDelete(stores.at(3), "p");
        core.bean(StoreRecords.class).sending(List.of(new Sent("a", new RecordKey("products", "p"), object("{}"), true)));

        tell("a", 1, "{'price': 9}");
        tell("a", 5, "{'price': 10, 'title': 'Tea'}");

        assertThat(deleted()).isTrue();
        assertThat(base("a")).isEqualTo("{'price': 10, 'title': 'Tea'}");
    }

    @Test
    void aStoreThatBringsARecordBackIsSentWhatOthersHadMadeOfIt() {
        serve("a");
        Courier courier = new Courier(core);
        tell("a", 1, "{'price': 10, 'title': 'Tea'}");
        edit(2, "{'price': 12}");
        stores.platformDelete(stores.at(3), "p");
        assertThat(courier.send()).singleElement().matches(Courier.Message::deleted);

        tell("a", 4, "{'price': 10, 'title': 'Chai'}");
        courier.arrive();

        assertThat(courier.send()).singleElement().satisfies(message -> {
            assertThat(message.deleted()).isFalse();
            assertThat(message.changed()).isEqualTo(object("{'price': 12}"));
        });
    }

    @Test
    void aStoreThatHasDeletedARecordItselfEditsEveryFieldOfWhatItMakesAnew() {
        stores.create("a", "last_write_wins");
        tell("a", 1, "{'price': 10, 'title': 'Tea'}");
        edit(2, "{'price': 12}");
        stores.delete("a", stores.at(3), "p");

        tell("a", 4, "{'price': 10, 'title': 'Chai'}");

        assertThat(record()).isEqualTo("{'price': 10, 'title': 'Chai'}");
    }

    @Test
    void whatAStoreToldOfADeletedRecordBeforeItsLastWordIsNoEditEither() {
        stores.create("a", "platform_priority");
        tell("a", 1, "{'price': 10, 'title': 'Tea'}");
        edit(2, "{'price': 12}");
        stores.platformDelete(stores.at(3), "p");
        tell("a", 8, "{'price': 10, 'title': 'Chai'}");
        assertThat(deleted()).isTrue();

        tell("a", 6, "{'price': 11, 'colour': 'red'}");
        assertThat(base("a")).isEqualTo("{'price': 10, 'title': 'Chai', 'colour': 'red'}");
        edit(9, "{'size': 1}");

        assertThat(record()).isEqualTo("{'size': 1, 'price': 12, 'title': 'Chai', 'colour': 'red'}");
    }

    @Test
    void filtersFieldsAndDirectionSayWhatIsTaken() {
        EntityConfig products = new EntityConfig("products", Direction.BIDIRECTIONAL, "last_write_wins", List.of("title", "price"),
                List.of("id"), "updated_at", stores.marker(), List.of(new FieldFilter("status", "equals", Values.read("\"active\""))),
                Set.of("secret"), null, true);
        stores.create("a", products, List.of());
        stores.create("b", stores.entity("last_write_wins", Direction.FROM_PLATFORM), List.of());

        tell("a", 1, "{'title': 'Tea', 'secret': 'x', 'colour': 'red', 'status': 'draft'}");
        assertThat(outcomes()).isEqualTo("FILTERED 1");
        tell("a", 2, "{'title': 'Tea', 'secret': 'x', 'colour': 'red', 'status': 'active'}");
        assertThat(record()).isEqualTo("{'title': 'Tea'}");
        tell("b", 3, "{'title': 'Chai'}");
        assertThat(outcomes()).isEqualTo("APPLIED 1, FILTERED 2");
    }

    @Test
    void aPausedStoresChangesWaitBlockNobodyAndAreAppliedInOrderOnResume() {
        stores.create("a", "last_write_wins");
        stores.create("b", "last_write_wins");
        tell("a", 1, "{'price': 10}");
        core.bean(Stores.class).setPaused("a", true);

        tell("a", 2, "{'price': 11}");
        tell("a", 3, "{'price': 12}");
        tell("b", 4, "{'title': 'Tea'}");
        assertThat(record()).isEqualTo("{'price': 10, 'title': 'Tea'}");
        assertThat(outcomes()).isEqualTo("ACCEPTED 2, APPLIED 2");

        core.bean(Stores.class).setPaused("a", false);
        core.bean(PendingQueue.class).resume("a");
        core.drain();
        assertThat(record()).isEqualTo("{'price': 12, 'title': 'Tea'}");
        assertThat(outcomes()).isEqualTo("APPLIED 4");
    }

    @Test
    void aPullReplacesWhatIsOlderAndIsNotJournalledAgainWhenItIsReadAgain() {
        stores.create("a", "last_write_wins");
        pull(1, "{'price': 10, 'title': 'Tea', 'colour': 'red'}");
        tell("a", 5, "{'price': 12}");

        pull(3, "{'price': 11, 'title': 'Chai'}");
        assertThat(record()).isEqualTo("{'price': 12, 'title': 'Chai'}");
        long rows = core.jdbc().queryForObject("SELECT count(*) FROM journal", Long.class);
        pull(3, "{'price': 11, 'title': 'Chai'}");

        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM journal", Long.class)).isEqualTo(rows);
        assertThat(outcomes()).isEqualTo("APPLIED 3, UNCHANGED 1");
    }

    @Test
    void aPullThatTellsAValueAgainWithANewerTimeDoesNotUndoWhatOthersHaveMadeOfItSince() {
        stores.create("a", "last_write_wins");
        pull(1, "{'price': 10, 'title': 'Tea', 'colour': 'red'}");
        tell("a", 2, "{'price': 12}");
        edit(3, "{'colour': 'blue'}");

        pull(4, "{'price': 10, 'title': 'Chai', 'colour': 'red'}");
        assertThat(record()).isEqualTo("{'price': 12, 'title': 'Chai', 'colour': 'blue'}");
        pull(5, "{'price': 10, 'title': 'Chai', 'colour': 'red'}");
        assertThat(record()).as("however often").isEqualTo("{'price': 12, 'title': 'Chai', 'colour': 'blue'}");

        pull(6, "{'price': 9, 'title': 'Chai', 'colour': 'red'}");
        assertThat(record()).as("its own newer edit stands").isEqualTo("{'price': 9, 'title': 'Chai', 'colour': 'blue'}");
        tell("a", 7, "{'price': 13}");
        pull(8, "{'price': 9, 'title': 'Chai'}");
        assertThat(record()).as("a field that it leaves out now is gone").isEqualTo("{'price': 13, 'title': 'Chai'}");
    }

    @Test
    void theJournalHoldsTheChangesToldInThePlaceAndWhetherTheyWerePartial() {
        core.bean(Journal.class).accept(new Change("platform", null, null, "orders", "o", Operation.UPSERT, stores.at(1), null, null, 1,
                "{\"a\": 1}", false, true)).join();
        assertThat(core.jdbc().queryForObject("SELECT partial AND NOT from_pull FROM journal", Boolean.class)).isTrue();
        core.drain();
        stores.edit(stores.at(2), "orders", "o", "{'b': 2}");
        assertThat(core.bean(RecordHistory.class).find(new RecordKey("orders", "o")).orElseThrow().data()).isEqualTo("{\"a\": 1, \"b\": 2}");
    }

    private void tell(String store, int second, String json) {
        stores.tell(store, stores.at(second), "p", json);
    }

    private void edit(int second, String json) {
        stores.edit(stores.at(second), "products", "p", json);
    }

    private void pull(int second, String json) {
        stores.pull(stores.at(second), "p", json);
    }

    private static ObjectNode object(String json) {
        return Values.object(json.replace('\'', '"'));
    }

    private String record() {
        return core.bean(RecordHistory.class).find(new RecordKey("products", "p")).orElseThrow().data().replace('"', '\'');
    }

    private String base(String store) {
        return core.jdbc().queryForObject("SELECT base::text FROM " + StoreSides.TABLE + " WHERE store_id = ?", String.class, store).replace('"', '\'');
    }

    /** What of that is kept with the store. */
    private String kept(String store) {
        return core.jdbc().queryForObject("SELECT base FROM store_record WHERE store_id = ?", String.class, store).replace('"', '\'');
    }

    private boolean deleted() {
        return core.bean(RecordHistory.class).find(new RecordKey("products", "p")).orElseThrow().deleted();
    }

    private String outcomes() {
        return stores.outcomes();
    }

    private List<String> conflicts() {
        return core.jdbc().queryForList(
                "SELECT concat_ws(' ', field, reason, store_value, platform_value, status) FROM conflict ORDER BY id", String.class);
    }
}
