package dev.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.RecordKey;
import dev.serai.change.Timestamps;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.record.EditedRecords;
import dev.serai.record.EditedRecords.State;
import dev.serai.record.Edits;
import dev.serai.rules.Values;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The orders of the PMS face: records that take their pieces from the stock, all of them or none, and move forward only. */
@Component("orders")
public class Orders {

    private static final List<String> STATES = List.of("confirmed", "processing", "shipped", "delivered");
    private static final String CANCELLED = "cancelled";
    /** Clocks differ a little. */
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Instant EARLIEST = Instant.parse("1970-01-01T00:00:00Z");

    private final Desk desk;
    private final OrderTable table;
    private final Inventory inventory;
    private final Clock clock;

    Orders(Desk desk, OrderTable table, Inventory inventory, Clock clock) {
        this.desk = desk;
        this.table = table;
        this.inventory = inventory;
        this.clock = clock;
    }

    public Object create(ApiRequest request) {
        JsonNode given = request.body();
        Instant orderedAt = orderedAt(given.path("orderedAt"));
        RecordKey key = Catalog.order("ord_" + UUID.randomUUID());
        long number = table.nextNumber();
        Map<RecordKey, Long> wanted = wanted(given.get("items"));
        Set<RecordKey> keys = new LinkedHashSet<>(wanted.keySet());
        keys.add(key);
        String id = desk.make(keys, records -> {
            reserve(records, wanted);
            records.create(key, order(records, key, number, given, orderedAt));
            return key.key();
        });
        return new Answer(201, read(id), Map.of("Location", "/api/pms/orders/" + id));
    }

    private Instant orderedAt(JsonNode given) {
        Instant now = clock.instant();
        if (given.isMissingNode() || given.isNull()) {
            return now;
        }
        try {
            Instant at = Timestamps.parse(given.asText());
            if (at.isAfter(now.plus(AHEAD)) || at.isBefore(EARLIEST)) {
                throw refusedTime("an order was placed in the past, since 1970");
            }
            return at;
        } catch (DateTimeException e) {
            throw refusedTime("value is not a valid ISO 8601 date-time");
        }
    }

    private static ApiException refusedTime(String message) {
        return ApiException.invalid(List.of(Problem.body("orderedAt", message, "value_error.datetime")));
    }

    /** How many of each product, in the order in which they are first named. */
    private static Map<RecordKey, Long> wanted(JsonNode items) {
        Map<RecordKey, Long> wanted = new LinkedHashMap<>();
        items.forEach(item -> wanted.merge(Catalog.product(item.get("productId").asText()), item.get("quantity").asLong(), Long::sum));
        return wanted;
    }

    /** Takes everything from the stock, or names every product that is unknown or short. */
    private void reserve(EditedRecords records, Map<RecordKey, Long> wanted) {
        List<String> unknown = wanted.keySet().stream().filter(key -> records.find(key).isEmpty()).map(RecordKey::key).toList();
        if (!unknown.isEmpty()) {
            throw new ApiException(404, "NOT_FOUND", "There is no product " + String.join(", ", unknown), Map.of("productIds", unknown));
        }
        List<Map<String, Object>> shortages = new ArrayList<>();
        wanted.forEach((key, quantity) -> {
            long stock = Catalog.stock(records.find(key).orElseThrow().fields());
            if (stock < quantity) {
                shortages.add(Inventory.shortage(key.key(), quantity, stock));
            }
        });
        if (!shortages.isEmpty()) {
            throw new ApiException(409, "INSUFFICIENT_STOCK", "The stock does not suffice for " + shortages.size() + " of " + wanted.size()
                    + " products. Nothing was reserved.", Map.of("items", shortages));
        }
        wanted.forEach((key, quantity) -> inventory.add(records, key, -quantity));
    }

    private ObjectNode order(EditedRecords records, RecordKey key, long number, JsonNode given, Instant orderedAt) {
        ObjectNode order = Values.object();
        order.setAll((ObjectNode) given);
        order.put("id", key.key()).put("order_id", number).put("status", STATES.get(0)).put("orderedAt", orderedAt.toString());
        ArrayNode items = order.putArray("items");
        BigDecimal total = BigDecimal.ZERO;
        for (JsonNode wanted : given.get("items")) {
            String id = wanted.get("productId").asText();
            ObjectNode product = records.find(Catalog.product(id)).orElseThrow().fields();
            // What it costs now; a price that changes later does not change the order.
            BigDecimal price = Catalog.ifNumber(product.path("price")).filter(one -> one.signum() >= 0).orElseThrow(() -> new ApiException(
                    409, "NO_PRICE", "Product " + id + " has no price. Nothing was ordered.", Map.of("productId", id)));
            JsonNode name = product.hasNonNull("name") ? product.get("name") : product.path("title");
            items.addObject().put("productId", id).put("name", name.asText(null))
                    .put("quantity", wanted.get("quantity").asLong()).put("price", price);
            total = total.add(price.multiply(BigDecimal.valueOf(wanted.get("quantity").asLong())));
        }
        return order.put("total", total);
    }

    public Object show(ApiRequest request) {
        return read(request.text("id"));
    }

    private ObjectNode read(String id) {
        return table.find(id).orElseThrow(() -> unknown(id));
    }

    private static ApiException unknown(String id) {
        return ApiException.notFound("There is no order " + id);
    }

    public Object list(ApiRequest request) {
        OrderTable.Selection selection = new OrderTable.Selection(
                request.text("customerId"), request.text("status"), request.number("page"), request.number("limit"));
        return Paged.of(table.page(selection), selection.page(), selection.limit(), table.count(selection));
    }

    public Object changeStatus(ApiRequest request) {
        String status = request.body().get("status").asText();
        String id = request.text("id");
        if (status.equals(CANCELLED)) {
            return cancelled(id);
        }
        RecordKey key = Catalog.order(id);
        desk.make(List.of(key), records -> {
            String now = status(records, key);
            if (now.equals(CANCELLED) || STATES.indexOf(status) <= STATES.indexOf(now)) {
                throw ApiException.conflict("Order " + id + " is " + now + "; it does not become " + status + ". An order moves forward only: "
                        + String.join(", ", STATES) + ".");
            }
            records.patch(key, Values.object().put("status", status));
            return id;
        });
        return read(id);
    }

    public Object cancel(ApiRequest request) {
        return cancelled(request.text("id"));
    }

    /** What it took from the stock is put back. The order says what that was, so it is read first, to know which products to lock. */
    private ObjectNode cancelled(String id) {
        RecordKey key = Catalog.order(id);
        JsonNode items = read(id).path("items");
        Map<RecordKey, Long> reserved = items.isArray() ? reserved(items) : Map.of();
        Set<RecordKey> keys = new LinkedHashSet<>(reserved.keySet());
        keys.add(key);
        desk.make(keys, records -> {
            String now = status(records, key);
            if (now.equals(CANCELLED) || STATES.indexOf(now) >= STATES.indexOf("shipped")) {
                throw ApiException.conflict("Order " + id + " is " + now + "; only an order that is not yet shipped can be cancelled.");
            }
            State order = records.find(key).orElseThrow();
            if (order.origin().equals(Edits.PLATFORM)) {
                reserved.forEach((product, quantity) -> records.find(product).ifPresent(there -> inventory.add(records, product, quantity)));
            }
            records.patch(key, Values.object().put("status", CANCELLED));
            return id;
        });
        return read(id);
    }

    private static Map<RecordKey, Long> reserved(JsonNode items) {
        Map<RecordKey, Long> reserved = new LinkedHashMap<>();
        items.forEach(item -> {
            if (item.path("productId").isTextual() && item.path("quantity").isIntegralNumber()) {
                reserved.merge(Catalog.product(item.get("productId").asText()), item.get("quantity").asLong(), Long::sum);
            }
        });
        return reserved;
    }

    private static String status(EditedRecords records, RecordKey key) {
        return records.find(key).orElseThrow(() -> unknown(key.key())).fields().path("status").asText(STATES.get(0));
    }
}
