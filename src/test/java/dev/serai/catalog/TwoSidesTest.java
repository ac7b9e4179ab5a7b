package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.journal.LedgerReport;
import dev.serai.rules.Values;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.testing.Core;
import dev.serai.testing.StoreChanges;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The PMS and a store edit the same products. */
class TwoSidesTest {

    private final Core core = new Core(CatalogBeans.class);
    private final StoreChanges stores = new StoreChanges(core);

    @AfterEach
    void ledgerBalances() {
        LedgerReport report = core.ledger().report(null, null, 100);
        assertThat(report.differences()).isEmpty();
        assertThat(report.balanced()).isTrue();
        core.close();
    }

    @Test
    void salesOfBothSidesAddUpAndNeverConflict() {
        stores.create("shop", "manual_resolution");
        tell(1, "{'id': 'mug', 'title': 'Mug', 'inventory': 50}");
        assertThat(stock()).isEqualTo(50);

        adjust("decrement", 5);
        tell(2, "{'id': 'mug', 'inventory': 49}");
        assertThat(stock()).isEqualTo(44);

        adjust("increment", 10);
        tell(3, "{'id': 'mug', 'inventory': 47}");
        assertThat(stock()).isEqualTo(52);
        assertThat(count("conflict")).isZero();
    }

    @Test
    void anEditOfAFieldThatTheStoreChangedTooIsAConflictAndOtherFieldsMerge() {
        stores.create("shop", "manual_resolution");
        tell(1, "{'id': 'mug', 'title': 'Mug', 'price': 10, 'colour': 'red'}");
        patch("{\"price\": 12}");

        tell(2, "{'id': 'mug', 'price': 11, 'colour': 'blue'}");

        ObjectNode product = product();
        assertThat(product.path("price").asInt()).isEqualTo(12);
        assertThat(product.path("colour").asText()).isEqualTo("blue");
        assertThat(product.path("name").asText()).isEqualTo("Mug");
        assertThat(count("conflict")).isOne();
    }

    @Test
    void aProductWithoutAPriceIsNotSoldForNothing() {
        stores.create("shop", "manual_resolution");
        for (String price : List.of("", ", 'price': 'abc'", ", 'price': null", ", 'price': -1")) {
            tell(1, "{'id': 'mug', 'inventory': 3" + price + "}");
            ApiRequest order = request(Map.of(), "{\"customerId\": \"c\", \"items\": [{\"productId\": \"mug\", \"quantity\": 1}]}");
            assertThatThrownBy(() -> core.bean(Orders.class).create(order)).hasMessage("Product mug has no price. Nothing was ordered.");
            assertThat(stock()).isEqualTo(3);
        }
    }

    @Test
    void editsAndOrdersGoToTheStoresThatSyncThem() {
        StoreConfig shop = new StoreConfig("shop", 0, false, Frequency.REAL_TIME,
                List.of(entity("products", Direction.BIDIRECTIONAL), entity("orders", Direction.FROM_PLATFORM)), List.of(),
                new WebhookTarget(URI.create("http://127.0.0.1:9/hook"), true));
        core.bean(Stores.class).create(shop, null, "test");

        tell(1, "{'id': 'mug', 'title': 'Mug', 'price': 10, 'inventory': 3}");
        assertThat(count("delivery")).isZero();
        patch("{\"price\": 12}");
        assertThat(deliveries("products")).isOne();
        Object made = core.bean(Orders.class).create(request(Map.of(), """
                {"customerId": "c", "items": [{"productId": "mug", "quantity": 2}]}"""));

        assertThat(((Answer) made).status()).isEqualTo(201);
        assertThat(deliveries("orders")).isOne();
        assertThat(stock()).isEqualTo(1);
    }

    private EntityConfig entity(String type, Direction direction) {
        return new EntityConfig(type, direction, "last_write_wins", List.of(), List.of("id"), "updated_at", stores.marker(), List.of(), Set.of(), null, true);
    }

    private void tell(int second, String json) {
        stores.tell("shop", stores.at(second), "mug", json);
    }

    private void adjust(String type, int quantity) {
        core.bean(Inventory.class).adjust(request(Map.of(), "{\"productId\": \"mug\", \"quantity\": " + quantity + ", \"type\": \"" + type + "\"}"));
    }

    private void patch(String json) {
        core.bean(Products.class).update(request(Map.of("id", "mug"), json));
    }

    private long stock() {
        return ((Inventory.Stock) core.bean(Inventory.class).stock(request(Map.of("productId", "mug"), null))).stock();
    }

    private ObjectNode product() {
        return Values.object((String) core.bean(Products.class).show(request(Map.of("id", "mug"), null)));
    }

    private int deliveries(String entityType) {
        return core.jdbc().queryForObject("SELECT count(DISTINCT record_key) FROM delivery WHERE entity_type = ?", Integer.class, entityType);
    }

    private int count(String table) {
        return core.jdbc().queryForObject("SELECT count(*) FROM " + table, Integer.class);
    }

    private static ApiRequest request(Map<String, Object> parameters, String body) {
        return new ApiRequest("test", "POST", "/", "", parameters, body == null ? null : Values.read(body), null, Map.of(), null, null);
    }
}
