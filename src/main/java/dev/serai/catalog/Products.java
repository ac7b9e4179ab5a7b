package dev.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.RecordKey;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.record.EditedRecords;
import dev.serai.rules.Values;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The products of the PMS face: records that are edited through the core and read from the cache. */
@Component("products")
public class Products {

    /** Told by the hub; a client that sends back what it read is not refused for them. */
    private static final Set<String> TOLD = Set.of("version", "createdAt", "updatedAt");

    /** As many as the views read: more would be no number to them. */
    private static final int MOST_DECIMALS = 20;

    private final Desk desk;
    private final ProductTable table;
    private final ProductCache cache;

    Products(Desk desk, ProductTable table, ProductCache cache) {
        this.desk = desk;
        this.table = table;
        this.cache = cache;
    }

    public Object create(ApiRequest request) {
        ObjectNode given = given(request);
        String wanted = given.path("id").asText("prod_" + UUID.randomUUID());
        RecordKey key = Catalog.product(wanted);
        ObjectNode product = content(given, wanted);
        String id = desk.make(List.of(key), records -> {
            if (records.find(key).isPresent()) {
                throw ApiException.conflict("There is a product " + wanted + ". Change it by PATCH /api/pms/products/" + wanted + ".");
            }
            records.create(key, product);
            return wanted;
        });
        return new Answer(201, read(id), Map.of("Location", "/api/products/" + id));
    }

    private static ObjectNode given(ApiRequest request) {
        if (request.body().path("price").decimalValue().scale() > MOST_DECIMALS) {
            throw refused("price", "a price has at most " + MOST_DECIMALS + " decimals");
        }
        return (ObjectNode) request.body();
    }

    private ObjectNode content(ObjectNode given, String id) {
        ObjectNode product = Values.object().put("id", id);
        product.setAll(given);
        JsonNode stock = given.has(Catalog.INVENTORY) ? given.get(Catalog.INVENTORY) : given.path("stock");
        product.put(Catalog.INVENTORY, stock.asLong(0)).remove("stock");
        product.remove(TOLD);
        if (!product.has("status")) {
            product.put("status", "draft");
        }
        return product;
    }

    public Object update(ApiRequest request) {
        String id = request.text("id");
        ObjectNode fields = given(request).deepCopy().remove(TOLD);
        if (fields.has("id") && !fields.get("id").asText().equals(id)) {
            throw refused("id", "the id of a product does not change");
        }
        for (String field : List.of(Catalog.INVENTORY, "stock")) {
            if (fields.has(field)) {
                throw refused(field, "the stock changes by what is added and taken: POST /api/inventory/adjust");
            }
        }
        return patched(id, fields);
    }

    public Object publish(ApiRequest request) {
        return patched(request.text("id"), Values.object().put("status", request.body().get("status").asText()));
    }

    private Object patched(String id, ObjectNode fields) {
        RecordKey key = Catalog.product(id);
        desk.make(List.of(key), records -> {
            require(records, key);
            records.patch(key, fields);
            return id;
        });
        return read(id);
    }

    static EditedRecords.State require(EditedRecords records, RecordKey key) {
        return records.find(key).orElseThrow(() -> unknown(key.key()));
    }

    static ApiException unknown(String id) {
        return ApiException.notFound("There is no product " + id);
    }

    private static ApiException refused(String field, String message) {
        return ApiException.invalid(List.of(new Problem(List.of("body", field), message, "value_error")));
    }

    public Object show(ApiRequest request) {
        return read(request.text("id"));
    }

    private String read(String id) {
        return cache.product(id, () -> table.find(id).map(Values::write).orElseThrow(() -> unknown(id)));
    }

    public Object list(ApiRequest request) {
        ProductTable.Selection selection = new ProductTable.Selection(
                request.text("categoryId"), request.text("status"), request.text("search"), request.number("page"), request.number("limit"));
        return cache.list(selection.toString(), () -> Values.write(Paged.of(
                table.page(selection), selection.page(), selection.limit(), table.count(selection))));
    }
}
