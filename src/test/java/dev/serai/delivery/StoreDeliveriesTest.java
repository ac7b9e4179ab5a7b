package dev.serai.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.delivery.StoreDeliveries.Released;
import dev.serai.journal.Journal;
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
import dev.serai.testing.StoreEndpoint;
import dev.serai.testing.StoreEndpoint.Received;
import dev.serai.testing.StoreEndpoint.Reply;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes on their way out to stores that are real HTTP servers; the test takes the steps that the route takes. */
class StoreDeliveriesTest {

    private static final String SECRET = "whsec_c2VyYWkgdGVzdCBzZWNyZXQgb2Ygc3RvcmVz";

    /** Of the configuration: attempts at once. */
    private static final int PER_STORE = 16;

    private final Core core = new Core();
    private final Map<String, StoreEndpoint> endpoints = new HashMap<>();
    private int events;

    @AfterEach
    void end() {
        assertThat(core.ledger().report(null, null, 10).differences()).isEmpty();
        endpoints.values().forEach(StoreEndpoint::close);
        core.close();
    }

    @Test
    void aStoresChangeGoesToTheOtherStoreInTheDocumentsShapeAndNotBack() throws IOException {
        StoreEndpoint a = store("a");
        StoreEndpoint b = store("b");

        tell("a", 10, "1", "{'id': '1', 'title': 'Rug', 'price': 12.50}");
        deliver();

        assertThat(a.received()).isEmpty();
        assertThat(b.received()).hasSize(1);
        JsonNode body = b.received().get(0).body();
        assertThat(body).isEqualTo(new ObjectMapper().readTree("""
                {"event": "products.updated", "store_id": "b", "entity_type": "products", "entity_id": "1",
                 "data": {"id": "1", "title": "Rug", "price": 12.50}, "changed_fields": ["price", "title"],
                 "modified_at": "%s"}""".formatted(at(10))));
        assertThat(new String(b.received().get(0).bytes())).contains("12.50");
        assertThat(deliveries()).isZero();
    }

    @Test
    void onlyWhatTheStoreLacksIsCalledChangedAndAnEchoCausesNoLoop() {
        StoreEndpoint a = store("a");
        StoreEndpoint b = store("b");
        tell("a", 10, "1", "{'id': '1', 'title': 'Rug', 'price': 1}");
        deliver();
        tell("a", 20, "1", "{'id': '1', 'price': 2}");
        deliver();

        tell("b", 30, "1", "{'id': '1', 'title': 'Rug', 'price': 2}");
        deliver();

        assertThat(b.received().get(1).body().path("changed_fields").toString()).isEqualTo("[\"price\"]");
        assertThat(b.received().get(1).body().path("data").path("title").asText()).isEqualTo("Rug");
        assertThat(b.received()).hasSize(2);
        assertThat(a.received()).isEmpty();
    }

    @Test
    void everyAttemptSendsTheSameAndAfterFiveRetriesTheDeliveryIsParkedAndCanBeReplayed() {
        StoreEndpoint b = store("b").answering(503);
        edit(10, "1", "{'id': '1', 'price': 1}");

        for (int attempt = 1; attempt <= 8; attempt++) {
            deliver();
            core.clock.advance(Duration.ofMinutes(40));
            rest();
        }

        assertThat(b.received()).hasSize(6);
        assertThat(b.received().stream().map(Received::id).distinct()).hasSize(1);
        assertThat(b.received().stream().map(r -> new String(r.bytes())).distinct()).hasSize(1);
        assertThat(b.received().stream().map(r -> r.header("webhook-timestamp")).distinct()).hasSize(6);
        assertThat(core.jdbc().queryForObject("SELECT state || ' ' || attempts || ' ' || jsonb_array_length(attempt_log) FROM delivery",
                String.class)).isEqualTo("DEAD 6 6");
        assertThat(core.jdbc().queryForObject("SELECT consecutive_failures FROM delivery_endpoint", Integer.class)).isEqualTo(6);

        b.answering(200);
        assertThat(core.bean(DeliveryReports.class).replay("b", "products", null, 10)).isEqualTo(1);
        deliver();
        assertThat(b.received().get(6).id()).isEqualTo(b.received().get(0).id());
        assertThat(deliveries()).isZero();
        assertThat(core.jdbc().queryForObject("SELECT consecutive_failures FROM delivery_endpoint", Integer.class)).isZero();
    }

    @Test
    void aRecordOfWhichNoMessageCanBeMadeKeepsNoOtherFromBeingToldOf() {
        StoreEndpoint b = store("b");
        for (int i = 1; i <= 5; i++) {
            edit(10, "" + i, "{'id': '" + i + "', 'price': 1}");
        }
        core.jdbc().update("UPDATE record SET stamps = '[[' WHERE record_key = '3'");

        deliver();

        assertThat(b.received()).hasSize(4);
        assertThat(core.jdbc().queryForObject("SELECT record_key || ' ' || state || ' ' || last_error FROM delivery", String.class))
                .startsWith("3 DEAD the hub failed to make the message: ");

        core.jdbc().update("""
                INSERT INTO delivery (target, store_id, seq, accepted_at, entity_type, record_key, next_attempt_at, created_at)
                SELECT target, store_id, seq, accepted_at, entity_type, record_key, next_attempt_at, created_at FROM delivery""");
        deliver();
        assertThat(core.jdbc().queryForList("SELECT state FROM delivery", String.class)).as("the newer one replaces it").containsExactly("DEAD");
    }

    @Test
    void whatIsParkedIsReplacedByTheRecordsNextDeliveryWhichSaysAllThatTheStoreLacks() {
        StoreEndpoint b = store("b").answering(400);
        edit(10, "1", "{'id': '1', 'title': 'Rug', 'price': 1}");
        deliver();
        assertThat(deliveries()).isEqualTo(1);

        b.answering(200);
        edit(20, "1", "{'id': '1', 'price': 2}");
        deliver();

        assertThat(b.received()).extracting(r -> r.body().path("changed_fields").toString() + r.body().path("modified_at").asText())
                .as("a message has one time, and tells of the fields that were written then")
                .containsExactly("[\"price\",\"title\"]" + at(10), "[\"title\"]" + at(10), "[\"price\"]" + at(20));
        assertThat(deliveries()).isZero();
    }

    @Test
    @Timeout(60)
    void whatIsRefusedIsParkedAndNothingIsMadeOfItBeforeTheNextEditOrReplay() {
        StoreEndpoint b = store("b").answering(400);
        edit(10, "1", "{'id': '1', 'title': 'Rug', 'price': 1}");
        deliver();
        edit(20, "1", "{'id': '1', 'price': 2}");
        deliver();

        assertThat(b.received()).hasSize(2);
        assertThat(core.jdbc().queryForObject("SELECT string_agg(state, ' ') FROM delivery", String.class)).isEqualTo("DEAD");

        b.answering(200);
        assertThat(core.bean(DeliveryReports.class).replay("b", "products", null, 10)).isEqualTo(1);
        deliver();
        assertThat(b.received().subList(2, b.received().size())).extracting(r -> r.body().path("changed_fields").toString())
                .containsExactly("[\"title\"]", "[\"price\"]");
        assertThat(deliveries()).isZero();
    }

    @Test
    @Timeout(60)
    void anEndpointInsideAPrivateNetworkIsNotTriedAgainAndAgain() {
        store("b");
        core.bean(Stores.class).change("b", "test", now -> now.withWebhook(new WebhookTarget(URI.create("http://10.1.2.3/x"), true)));
        edit(10, "1", "{'id': '1', 'title': 'Rug', 'price': 1}");
        deliver();
        edit(20, "1", "{'id': '1', 'price': 2}");
        deliver();

        assertThat(core.jdbc().queryForObject("SELECT string_agg(state || ' ' || attempts, ', ') FROM delivery", String.class)).isEqualTo("DEAD 1");
        assertThat(core.jdbc().queryForObject("SELECT consecutive_failures FROM delivery_endpoint", Integer.class)).isEqualTo(2);
    }

    @Test
    void aStoreThatWasAwayForADayGetsEverythingWhenItIsBackInOrderAndWithoutAnybodysHelp() {
        StoreEndpoint b = store("b");
        edit(1, "0", "{'id': '0', 'price': 0}");
        deliver();
        core.clock.advance(Duration.ofMinutes(1));
        b.answering(503);
        edit(10, "1", "{'id': '1', 'price': 1}");
        edit(20, "2", "{'id': '2', 'price': 2}");
        for (int attempt = 1; attempt <= 7; attempt++) {
            deliver();
            core.clock.advance(Duration.ofMinutes(40));
            rest();
        }
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM delivery WHERE state = 'DEAD'", Integer.class)).isPositive();
        core.clock.advance(Duration.ofHours(20));
        edit(30, "1", "{'id': '1', 'price': 3}");
        int refused = b.received().size();

        b.answering(200);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            deliver();
            return deliveries() == 0;
        });

        assertThat(prices(b).subList(refused, b.received().size())).contains("2=2", "1=3").doesNotContainSubsequence("1=3", "1=1");
    }

    @Test
    void whatOneStoreRefusesWhileOthersArriveStaysParked() {
        StoreEndpoint b = store("b").answering(request -> new Reply(request.body().path("entity_id").asText().equals("bad") ? 500 : 200, Map.of()));
        edit(1, "bad", "{'id': 'bad', 'price': 1}");
        for (int n = 1; n <= 8; n++) {
            edit(10 * n, "good", "{'id': 'good', 'price': %d}".formatted(n));
            edit(10 * n, "fine", "{'id': 'fine', 'price': %d}".formatted(n));
            deliver();
            core.clock.advance(Duration.ofMinutes(40));
            rest();
        }

        assertThat(b.received().stream().filter(r -> r.body().path("entity_id").asText().equals("bad"))).hasSize(6);
        assertThat(core.jdbc().queryForObject("SELECT state FROM delivery", String.class)).isEqualTo("DEAD");
    }

    @Test
    void aSaleCountsFromWhatWasAgreedWhereTheStoreAnsweredOurCountWithAnError() {
        StoreEndpoint b = answeringOurCountWith(500);

        tell("b", 3, "1", "{'inventory': 60}");
        assertThat(inventory("1")).isEqualTo("10");

        b.answering(200);
        core.clock.advance(Duration.ofSeconds(3));
        deliver();
        assertThat(b.received().get(b.received().size() - 1).body().path("data").path("inventory").asInt()).isEqualTo(10);
        tell("b", 4, "1", "{'inventory': 9}");
        assertThat(inventory("1")).isEqualTo("9");
        assertThat(deliveries()).isZero();
    }

    /** A store that had 100, and answered so when it was sent the 50 that the platform has now. */
    private StoreEndpoint answeringOurCountWith(int status) {
        StoreEndpoint b = store("b");
        tell("b", 1, "1", "{'id': '1', 'inventory': 100}");
        b.answering(status);
        edit(2, "1", "{'inventory': {'$add': -50}}");
        deliver();
        return b;
    }

    @Test
    void aRetryIsOnItsWayAsTheFirstAttemptWas() {
        StoreEndpoint b = answeringOurCountWith(500);
        core.clock.advance(Duration.ofSeconds(3));

        b.answering(request -> {
            tell("b", 3, "1", "{'inventory': 48}");
            return new Reply(200, Map.of());
        });
        WebhookDeliveries.Page retry = core.bean(WebhookDeliveries.class).claim();
        core.bean(WebhookDeliveries.class).send(retry);
        await().until(() -> inventory("1").equals("48"));
        await().until(() -> core.bean(WebhookDeliveries.class).settle() == 1);
    }

    @Test
    void aSaleCountsFromWhatWasAgreedWhereTheStoreWasNeverReached() {
        StoreEndpoint b = store("b");
        b.close();
        List<URI> unreachable = List.of(b.uri(), URI.create("http://10.1.2.3/x"), URI.create("http://nowhere.invalid/x"));
        for (URI uri : unreachable) {
            String key = uri.getHost();
            core.bean(Stores.class).change("b", "test", now -> now.withWebhook(new WebhookTarget(uri, true)));
            tell("b", 1, key, "{'id': '1', 'inventory': 100}");
            edit(2, key, "{'inventory': {'$add': -50}}");
            deliver();
            tell("b", 3, key, "{'inventory': 60}");
            assertThat(inventory(key)).as(key).isEqualTo("10");
        }
    }

    @Test
    void aSaleMayCountFromWhatMayHaveArrivedWhateverIsAnsweredLater() {
        StoreEndpoint b = answeringOurCountWith(504);
        b.answering(500);
        core.clock.advance(Duration.ofSeconds(3));
        deliver();
        assertThat(b.received()).hasSize(2);

        tell("b", 3, "1", "{'inventory': 48}");
        assertThat(inventory("1")).isEqualTo("48");
    }

    @Test
    void aStoreThatMakesSomethingElseOfEveryValueCausesNoEndlessLoop() {
        StoreEndpoint b = store("b", Frequency.REAL_TIME, List.of(new SyncRule("ours", "products", "title", "always", "use_platform_value")),
                entity(Direction.BIDIRECTIONAL, List.of()));
        edit(1, "1", "{'id': '1', 'title': 'Rug'}");
        for (int second = 2; second <= 600; second++) {
            int before = b.received().size();
            deliver();
            core.clock.advance(Duration.ofSeconds(1));
            if (b.received().size() > before) {
                tell("b", 3_600 + second, "1", "{'id': '1', 'title': 'RUG'}");
            }
        }

        assertThat(b.received()).as("told at once three times, then after 10, 20, 40, 80, 160 and 320 s").hasSizeBetween(4, 10);
        assertThat(core.jdbc().queryForObject("SELECT payload ->> 'title' FROM record", String.class)).isEqualTo("Rug");
    }

    @Test
    void retryAfterIsHonoured() {
        StoreEndpoint b = store("b").answering(request -> new Reply(429, Map.of("Retry-After", "600")));
        edit(10, "1", "{'id': '1'}");
        deliver();

        core.clock.advance(Duration.ofSeconds(599));
        deliver();
        assertThat(b.received()).hasSize(1);
        core.clock.advance(Duration.ofSeconds(1));
        deliver();
        assertThat(b.received()).hasSize(2);
    }

    @Test
    void anEndpointThatIsGoneIsDisabledAndWhatWaitsGoesToTheNextOne() {
        StoreEndpoint b = store("b").answering(410);
        edit(10, "1", "{'id': '1'}");
        edit(10, "2", "{'id': '2'}");
        deliver();
        core.clock.advance(Duration.ofHours(1));
        deliver();

        assertThat(b.received()).hasSize(2);
        assertThat(core.bean(Stores.class).get("b").webhook().enabled()).isFalse();
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM audit_entry WHERE action = 'store.webhook.disable'", Long.class)).isEqualTo(1);

        b.answering(200);
        core.bean(Stores.class).change("b", "test", now -> now.withWebhook(new WebhookTarget(b.uri(), true)));
        deliver();
        assertThat(b.received()).hasSize(4);
        assertThat(deliveries()).isZero();
    }

    @Test
    void deliveriesShareTheStoresConnections() {
        StoreEndpoint b = store("b");
        IntStream.range(0, 60).forEach(n -> edit(10, "" + n, "{'id': '" + n + "'}"));

        deliver();

        assertThat(b.received()).hasSize(60);
        assertThat(b.connections()).isLessThanOrEqualTo(PER_STORE);
    }

    @Test
    void redirectsAreNotFollowed() {
        StoreEndpoint other = new StoreEndpoint();
        endpoints.put("other", other);
        store("b").answering(request -> new Reply(307, Map.of("Location", other.uri().toString())));
        edit(10, "1", "{'id': '1'}");
        deliver();

        assertThat(other.received()).isEmpty();
        assertThat(core.jdbc().queryForObject("SELECT state || ': ' || last_error FROM delivery", String.class))
                .isEqualTo("DEAD: answered 307: redirects are not followed; configure the address it leads to");
    }

    @Test
    void changesOfARecordGoInOrderAndThoseThatWaitUntriedGoAsOne() {
        StoreEndpoint b = store("b").answering(503);
        edit(10, "1", "{'id': '1', 'price': 1}");
        deliver();
        edit(20, "1", "{'id': '1', 'price': 2}");
        edit(30, "1", "{'id': '1', 'price': 3}");
        edit(10, "2", "{'id': '2', 'price': 1}");
        b.answering(200);
        deliver();
        assertThat(prices(b)).as("the record's first delivery waits for its retry, another record's does not").containsExactly("1=1", "2=1");

        core.clock.advance(Duration.ofSeconds(3));
        deliver();
        deliver();
        assertThat(prices(b)).containsExactly("1=1", "2=1", "1=1", "1=3");
        assertThat(deliveries()).isZero();
    }

    @Test
    void aSlowStoreAndADeadOneDelayNobody() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        StoreEndpoint slow = store("slow").answering(request -> {
            try {
                release.await(1, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new Reply(200, Map.of());
        });
        StoreEndpoint dead = store("dead");
        dead.close();
        StoreEndpoint quick = store("quick");
        IntStream.range(0, 100).forEach(i -> edit(10, "k" + i, "{'id': 'k" + i + "'}"));

        WebhookDeliveries deliveries = core.bean(WebhookDeliveries.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            deliveries.send(deliveries.claim());
            deliveries.settle();
            return quick.received().size() == 100;
        });
        assertThat(slow.received().size()).isLessThan(100);
        release.countDown();
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            deliveries.send(deliveries.claim());
            deliveries.settle();
            return slow.received().size() == 100;
        });
        assertThat(core.jdbc().queryForObject("SELECT sum(attempts) FROM delivery WHERE store_id = 'dead'", Long.class))
                .as("a dead store is only tried now and then").isBetween(5L, 60L);
    }

    @Test
    void aPausedStoresDeliveriesWaitAndThenGo() {
        StoreEndpoint b = store("b");
        core.bean(Stores.class).setPaused("b", true);
        edit(10, "1", "{'id': '1'}");
        deliver();
        assertThat(b.received()).isEmpty();

        core.bean(Stores.class).setPaused("b", false);
        deliver();
        assertThat(b.received()).hasSize(1);
    }

    @Test
    void directionFieldsFiltersAndExcludedFieldsAreRespected() {
        EntityConfig usual = entity(Direction.BIDIRECTIONAL, List.of("title", "price", "secret", "status"));
        StoreEndpoint b = store("b", Frequency.REAL_TIME, List.of(), usual.withFilters(
                List.of(new FieldFilter("status", "equals", TextNode.valueOf("active"))), Set.of("secret")));
        StoreEndpoint inOnly = store("c", Frequency.REAL_TIME, List.of(), entity(Direction.TO_PLATFORM, List.of()));
        edit(10, "1", "{'id': '1', 'title': 'x', 'secret': 'y', 'other': 1, 'status': 'active'}");
        edit(10, "2", "{'id': '2', 'title': 'x', 'status': 'draft'}");
        deliver();
        edit(20, "1", "{'id': '1', 'secret': 'z', 'other': 2}");
        deliver();

        assertThat(inOnly.received()).isEmpty();
        assertThat(b.received()).hasSize(1);
        assertThat(b.received().get(0).body().path("data").toString()).isEqualTo("{\"id\":\"1\",\"title\":\"x\",\"status\":\"active\"}");
    }

    @Test
    void aRecordThatPassesTheFiltersAgainIsSentWithWhatTheStoreMissed() {
        StoreEndpoint b = store("b", Frequency.REAL_TIME, List.of(), entity(Direction.BIDIRECTIONAL, List.of("title", "price"))
                .withFilters(List.of(new FieldFilter("status", "equals", TextNode.valueOf("active"))), Set.of()));
        edit(10, "1", "{'id': '1', 'title': 'x', 'price': 1, 'status': 'active'}");
        deliver();
        edit(20, "1", "{'price': 2, 'status': 'draft'}");
        deliver();
        assertThat(prices(b)).as("what stops passing is not told").containsExactly("1=1");

        edit(30, "1", "{'status': 'active'}");
        deliver();
        assertThat(prices(b)).containsExactly("1=1", "1=2");
    }

    @Test
    void otherFrequenciesWaitForTheirNextSyncButForWhatIsSyncedImmediately() {
        StoreEndpoint b = store("b", Frequency.HIGH,
                List.of(new SyncRule("stock at once", "products", "price", "always", "sync_immediately")),
                entity(Direction.BIDIRECTIONAL, List.of("title", "price", "status")));
        edit(10, "1", "{'id': '1', 'title': 'x'}");
        deliver();
        int first = b.received().size();
        edit(20, "1", "{'id': '1', 'title': 'y'}");
        edit(30, "2", "{'id': '2', 'price': 1}");
        core.clock.advance(Duration.ofMinutes(6));
        deliver();
        int later = b.received().size();
        edit(40, "1", "{'id': '1', 'status': 'z'}");
        deliver();
        assertThat(b.received()).hasSize(later);
        edit(50, "1", "{'id': '1', 'price': 5}");
        deliver();

        assertThat(later).isGreaterThan(first);
        assertThat(b.received().subList(later, b.received().size())).extracting(r -> r.body().path("changed_fields").toString())
                .containsExactly("[\"status\"]", "[\"price\"]");
        edit(60, "1", "{'id': '1', 'title': 'last'}");
        assertThat(core.bean(StoreDeliveries.class).sendNow("b", List.of("products"))).isEqualTo(new Released(1, 0));
    }

    @Test
    void aNewRecordGoesAtOnceWhereItHasAFieldThatIsSyncedImmediately() {
        StoreEndpoint b = store("b", Frequency.MANUAL,
                List.of(new SyncRule("stock at once", "products", "price", "always", "sync_immediately")),
                entity(Direction.BIDIRECTIONAL, List.of()));
        StoreEndpoint listed = store("c", Frequency.LOW,
                List.of(new SyncRule("all at once", null, null, "always", "sync_immediately")),
                entity(Direction.BIDIRECTIONAL, List.of("price")));
        store("a");

        tell("a", 10, "without", "{'id': 'without', 'title': 'x', 'price': null}");
        tell("a", 20, "with", "{'id': 'with', 'title': 'x', 'price': 1}");
        edit(30, "ours", "{'id': 'ours', 'price': 2}");
        deliver();

        assertThat(prices(b)).containsExactlyInAnyOrder("with=1", "ours=2");
        assertThat(prices(listed)).containsExactlyInAnyOrder("with=1", "ours=2");
    }

    @Test
    void aDeletedRecordIsToldOnce() {
        StoreEndpoint b = store("b");
        edit(10, "1", "{'id': '1', 'title': 'x'}");
        deliver();
        accept(new Change("platform", null, null, "products", "1", Operation.DELETE, at(20), null, "e" + events++, 0, null, false));
        deliver();
        deliver();

        assertThat(b.received()).hasSize(2);
        assertThat(b.received().get(1).body().path("event").asText()).isEqualTo("products.deleted");
        assertThat(b.received().get(1).body().path("entity_id").asText()).isEqualTo("1");
    }

    @Test
    void aHubThatDiesWhileItSendsLosesNothing() {
        StoreEndpoint b = store("b");
        edit(10, "1", "{'id': '1'}");
        assertThat(core.bean(WebhookDeliveries.class).claim().size()).isEqualTo(1);
        deliver();
        assertThat(b.received()).isEmpty();

        core.clock.advance(Duration.ofMinutes(6));
        deliver();
        assertThat(b.received()).hasSize(1);
        assertThat(deliveries()).isZero();
    }

    private StoreEndpoint store(String storeId) {
        return store(storeId, Frequency.REAL_TIME, List.of(), entity(Direction.BIDIRECTIONAL, List.of()));
    }

    private StoreEndpoint store(String storeId, Frequency frequency, List<SyncRule> rules, EntityConfig entity) {
        StoreEndpoint endpoint = new StoreEndpoint();
        endpoints.put(storeId, endpoint);
        core.bean(Stores.class).create(
                new StoreConfig(storeId, 0, false, frequency, List.of(entity), rules, new WebhookTarget(endpoint.uri(), true)), SECRET, "test");
        return endpoint;
    }

    private static EntityConfig entity(Direction direction, List<String> fields) {
        return new EntityConfig("products", direction, "last_write_wins", fields, List.of("id"), "updated_at",
                new DeleteMarker("deleted", null), List.of(), Set.of(), null, true);
    }

    private Instant at(int second) {
        return Instant.parse("2026-01-05T09:00:00Z").plusSeconds(second);
    }

    private void tell(String store, int second, String key, String json) {
        accept(change(store, store, second, key, json));
    }

    private void edit(int second, String key, String json) {
        accept(change("platform", null, second, key, json));
    }

    private Change change(String source, String store, int second, String key, String json) {
        String payload = json.replace('\'', '"');
        return new Change(source, store, null, "products", key, Operation.UPSERT, at(second), null, "e" + events++,
                Values.contentHash(Values.object(payload)), payload, false, true);
    }

    private void accept(Change change) {
        core.bean(Journal.class).accept(change).join();
        core.drain();
    }

    private void deliver() {
        new Courier(core).deliver();
    }

    /** Past the pause of a store that failed. */
    private void rest() {
        await().pollDelay(Duration.ofMillis(250)).until(() -> true);
    }

    private long deliveries() {
        return core.jdbc().queryForObject("SELECT count(*) FROM delivery", Long.class);
    }

    private String inventory(String key) {
        return core.jdbc().queryForObject("SELECT payload ->> 'inventory' FROM record WHERE record_key = ?", String.class, key);
    }

    private static List<String> prices(StoreEndpoint endpoint) {
        List<String> prices = new ArrayList<>();
        endpoint.received().forEach(r -> prices.add(r.body().path("entity_id").asText() + "=" + r.body().path("data").path("price").asText()));
        return prices;
    }
}
