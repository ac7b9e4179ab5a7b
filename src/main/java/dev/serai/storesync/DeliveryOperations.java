package dev.serai.storesync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.Timestamps;
import dev.serai.contract.ApiRequest;
import dev.serai.delivery.DeliveryReports;
import dev.serai.delivery.DeliveryReports.Item;
import dev.serai.delivery.StoreGate;
import dev.serai.rules.Values;
import dev.serai.store.Stores;
import dev.serai.watch.Audit;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Operations on what is on its way to a store: list, send again. */
@Component("deliveryOperations")
public class DeliveryOperations {

    private static final int USUAL_REPLAY = 1_000;

    private final Stores stores;
    private final DeliveryReports deliveries;
    private final StoreGate gate;
    private final Audit audit;

    DeliveryOperations(Stores stores, DeliveryReports deliveries, StoreGate gate, Audit audit) {
        this.stores = stores;
        this.deliveries = deliveries;
        this.gate = gate;
        this.audit = audit;
    }

    public Object list(ApiRequest request) {
        String storeId = stores.get(request.text("store_id")).storeId();
        boolean parked = "parked".equals(request.text("status"));
        String entityType = request.text("entity_type");
        int page = request.number("page");
        int limit = request.number("limit");
        String closed = parked ? null : gate.whyClosed(storeId);
        List<Map<String, Object>> items =
                deliveries.list(storeId, parked, entityType, page, limit).stream().map(item -> shown(item, closed)).toList();
        return Listing.of(items, page, limit, deliveries.count(storeId, parked, entityType));
    }

    private static Map<String, Object> shown(Item item, String closed) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("delivery_id", item.id());
        shown.put("webhook_id", item.webhookId());
        shown.put("entity_type", item.entityType());
        shown.put("entity_id", item.entityId());
        shown.put("event", item.entityType() + (item.deleted() ? ".deleted" : ".updated"));
        shown.put("status", item.parked() ? "parked" : "waiting");
        shown.put("changed_fields", item.changedFields() == null ? List.of() : Values.read(item.changedFields()));
        shown.put("attempt_count", item.attempts());
        shown.put("attempts", Values.read(item.attemptLog()));
        shown.put("last_error", item.lastError() == null ? closed : item.lastError());
        shown.put("next_attempt_at", item.parked() ? null : item.nextAttemptAt());
        shown.put("created_at", item.createdAt());
        return shown;
    }

    public Object replay(ApiRequest request) {
        String storeId = stores.get(request.text("store_id")).storeId();
        JsonNode body = request.body();
        String entityType = text(body, "entity_type");
        Instant before = time(text(body, "before"));
        int limit = body == null ? USUAL_REPLAY : body.path("limit").asInt(USUAL_REPLAY);
        int replayed = deliveries.replay(storeId, entityType, before, limit);
        audit.record(request.principal() == null ? "anonymous" : request.principal().getName(), "store.deliveries.replay", storeId, "replayed",
                Map.of("replayed", replayed));
        return Map.of("data", Map.of("replayed", replayed));
    }

    private static String text(JsonNode body, String field) {
        return body == null ? null : body.path(field).asText(null);
    }

    private static Instant time(String text) {
        try {
            return text == null ? null : Timestamps.parse(text);
        } catch (DateTimeException e) {
            throw ApiException.invalid(List.of(Problem.body("before", "value is not a time", "value_error.datetime")));
        }
    }
}
