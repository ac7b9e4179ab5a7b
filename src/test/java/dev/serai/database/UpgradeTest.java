package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.decision.Decisions;
import dev.serai.delivery.Courier;
import dev.serai.delivery.WebhookDeliveries;
import dev.serai.journal.Journal;
import dev.serai.journal.Journal.Receipt;
import dev.serai.journal.LedgerReport;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import dev.serai.testing.StoreEndpoint;
import dev.serai.testing.StoreEndpoint.Received;
import dev.serai.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** A hub on the database that an older one has filled: what was known, waited or was on its way then goes on as it would have. */
class UpgradeTest {

    private final Core core = new Core(upgraded());
    private final StoreChanges stores = new StoreChanges(core);
    private final StoreEndpoint shop = new StoreEndpoint();

    private static TestDatabase upgraded() {
        TestDatabase database = TestDatabase.empty();
        database.migrate("101");
        new ResourceDatabasePopulator(new ClassPathResource("upgrade/tables-of-v101.sql")).execute(database.dataSource());
        database.migrate("latest");
        return database;
    }

    @BeforeEach
    void theShopListensAtAnotherPort() {
        core.bean(Stores.class).change("shop", "test", now -> now.withWebhook(new WebhookTarget(shop.uri(), true)));
    }

    @AfterEach
    void ledgerBalances() {
        LedgerReport report = core.ledger().report(null, null, 100);
        assertThat(report.differences()).isEmpty();
        assertThat(report.balanced()).isTrue();
        shop.close();
        core.close();
    }

    @Test
    void whatWaitedIsAppliedAndWhatWasAcceptedIsRecognised() {
        Change again = new Change("shop", "shop", null, "products", "mug", Operation.UPSERT, stores.at(1), null, "then-1", 0,
                "{\"id\": \"mug\", \"title\": \"Mug\", \"price\": 99, \"inventory\": 50}", false, true);
        assertThat(core.bean(Journal.class).accept(again).join()).isEqualTo(new Receipt(1, true));

        core.drain();

        assertThat(record("rug")).isEqualTo("1 {\"id\": \"rug\", \"title\": \"Rug\"}");
        assertThat(price("mug")).isEqualTo("12");
        assertThat(stores.outcomes()).isEqualTo("APPLIED 7, DUPLICATE 1, CONFLICT 1");
    }

    @Test
    void aStoresChangeIsMergedWithWhatItToldThen() {
        stores.tell("shop", stores.at(10), "mug", "{'id': 'mug', 'title': 'Big mug', 'price': 10, 'inventory': 47}");
        assertThat(record("mug")).as("10 is restated, three were sold")
                .isEqualTo("3 {\"id\": \"mug\", \"price\": 12, \"title\": \"Big mug\", \"inventory\": 47}");

        stores.edit(stores.at(11), "products", "mug", "{'inventory': {'$add': -7}}");
        stores.tell("shop", stores.at(12), "mug", "{'inventory': 46, 'price': 11}");
        assertThat(record("mug")).as("both sold some, and both changed the price")
                .isEqualTo("5 {\"id\": \"mug\", \"price\": 12, \"title\": \"Big mug\", \"inventory\": 39}");
        assertThat(pendingConflicts()).containsExactly("lamp title", "mug price");
    }

    @Test
    void anEditGoesToTheStoreAfterWhatWaitedForIt() {
        stores.edit(stores.at(10), "products", "mug", "{'title': 'Big mug'}");

        deliver();

        assertThat(shop.received()).extracting(Received::body)
                .extracting(body -> body.path("entity_id").asText() + " " + body.path("changed_fields") + " " + body.path("data").path("price"))
                .as("the cup is on its way already, and the lamp's title waits for a decision")
                .containsExactly("mug [\"price\"] 12", "mug [\"title\"] 12");
        stores.tell("shop", stores.at(20), "mug", "{'price': 13}");
        assertThat(price("mug")).as("a change of what was delivered").isEqualTo("13");
        assertThat(pendingConflicts()).containsExactly("lamp title");
    }

    @Test
    void whatWasOnItsWayIsTakenOverUnderItsNumber() {
        core.bean(WebhookDeliveries.class).takeOver();

        deliver();

        assertThat(shop.received()).filteredOn(webhook -> webhook.body().path("entity_id").asText().equals("cup")).singleElement()
                .satisfies(webhook -> assertThat(webhook.id()).isEqualTo("msg_275dd6a266b34294996cb0d43d8b377c"));
        stores.tell("shop", stores.at(20), "cup", "{'title': 'Cup of tea'}");
        assertThat(record("cup")).isEqualTo("3 {\"id\": \"cup\", \"title\": \"Cup of tea\"}");
    }

    @Test
    void aConflictOfThenIsDecidedAndUndone() {
        Decisions decisions = core.bean(Decisions.class);
        long conflict = core.jdbc().queryForObject("SELECT id FROM conflict", Long.class);

        long decision = decisions.resolve(conflict, Decisions.USE_STORE, null, false, "test").decisionId();
        assertThat(record("lamp")).contains("\"Lantern\"");

        decisions.undo(decision, "test");
        assertThat(record("lamp")).contains("\"Light\"");
        assertThat(pendingConflicts()).containsExactly("lamp title");
    }

    private void deliver() {
        new Courier(core).deliver();
    }

    private List<String> pendingConflicts() {
        return core.jdbc().queryForList(
                "SELECT record_key || ' ' || field FROM conflict WHERE status = 'pending' ORDER BY record_key COLLATE \"C\"", String.class);
    }

    /** Version and content. */
    private String record(String key) {
        return core.jdbc().queryForObject("SELECT version || ' ' || payload FROM record WHERE record_key = ?", String.class, key);
    }

    private String price(String key) {
        return core.jdbc().queryForObject("SELECT payload ->> 'price' FROM record WHERE record_key = ?", String.class, key);
    }
}
