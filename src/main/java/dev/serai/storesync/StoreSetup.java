package dev.serai.storesync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.access.Access;
import dev.serai.access.Caller;
import dev.serai.access.Role;
import dev.serai.contract.ApiRequest;
import dev.serai.record.PendingQueue;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.StoreDocument;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.watch.Audit;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import dev.serai.webhook.StandardWebhooks;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Operations on a store's configuration: make, update, show, pause, resume. */
@Component("storeSetup")
public class StoreSetup {

    private final Stores stores;
    private final StoreDocument document;
    private final WebhookUrls urls;
    private final StoreSchedules schedules;
    private final Access access;
    private final Audit audit;
    private final PendingQueue queue;
    private final TransactionTemplate transaction;

    StoreSetup(
            Stores stores,
            StoreDocument document,
            WebhookUrls urls,
            StoreSchedules schedules,
            Access access,
            Audit audit,
            PendingQueue queue,
            PlatformTransactionManager transactions) {
        this.stores = stores;
        this.document = document;
        this.urls = urls;
        this.schedules = schedules;
        this.access = access;
        this.audit = audit;
        this.queue = queue;
        this.transaction = new TransactionTemplate(transactions);
    }

    public Object configure(ApiRequest request) {
        String storeId = request.text("store_id");
        JsonNode body = request.body();
        check(body);
        String secret = body.path("webhook_config").path("secret").asText(null);
        String by = by(request);
        StoreConfig saved = transaction.execute(status -> {
            StoreConfig store = stores.find(storeId).isPresent()
                    ? stores.change(storeId, by, secret, before -> edited(before, body))
                    : create(storeId, body, secret, by);
            schedules.follow(store);
            schedules.setPaused(store, store.paused());
            audit.record(by, "store.configure", storeId, "configured",
                    Map.of("version", store.version(), "entities", store.entities().size(), "secret_given", secret != null));
            return store;
        });
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sync_config_id", stores.configId(storeId));
        answer.put("status", "configured");
        answer.put("entities_configured", saved.entities().size());
        answer.put("next_sync", schedules.next(saved));
        answer.put("webhook_urls", urls.of(saved, request.origin()));
        return Map.of("data", answer);
    }

    private StoreConfig create(String storeId, JsonNode body, String secret, String by) {
        if (access.caller().map(Caller::role).filter(role -> role == Role.SUPER_ADMIN).isEmpty()) {
            throw ApiException.of(403, "Only a super admin can make a store. There is no store '" + storeId + "' yet.");
        }
        if (!body.has("entities")) {
            throw ApiException.invalid(List.of(Problem.body("entities", "field required: the store is new", "value_error.missing")));
        }
        return stores.create(
                edited(new StoreConfig(storeId, 0, false, Frequency.REAL_TIME, List.of(), List.of(), null), body), secret, by);
    }

    /** What a JSON schema cannot say. */
    private static void check(JsonNode body) {
        List<Problem> problems = new ArrayList<>();
        Set<String> types = new HashSet<>();
        for (int i = 0; i < body.path("entities").size(); i++) {
            String type = body.path("entities").get(i).path("type").asText();
            if (!types.add(type)) {
                problems.add(new Problem(
                        List.of("body", "entities", i, "type"), "the entity " + type + " is there twice", "value_error.duplicate"));
            }
        }
        JsonNode endpoint = body.path("webhook_config").path("endpoint");
        if (endpoint.isTextual() && !isAddress(endpoint.asText())) {
            problems.add(new Problem(
                    List.of("body", "webhook_config", "endpoint"), "value is not an http or https address with a host", "value_error.url"));
        }
        JsonNode secret = body.path("webhook_config").path("secret");
        if (secret.isTextual() && !StandardWebhooks.isUsable(secret.asText())) {
            problems.add(new Problem(
                    List.of("body", "webhook_config", "secret"), "value begins with whsec_, and what follows is not base64", "value_error.base64"));
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
    }

    private static boolean isAddress(String text) {
        try {
            URI uri = new URI(text);
            return uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private StoreConfig edited(StoreConfig before, JsonNode body) {
        Frequency frequency = body.hasNonNull("sync_frequency") ? Frequency.of(body.get("sync_frequency").asText()) : before.frequency();
        List<EntityConfig> entities = before.entities();
        if (body.has("entities")) {
            entities = new ArrayList<>();
            for (JsonNode node : body.get("entities")) {
                EntityConfig entity = document.readEntity(node);
                EntityConfig known = before.entity(entity.type());
                entities.add(known == null ? entity : entity.withFilters(known.filters(), known.excludeFields()));
            }
        }
        return new StoreConfig(
                before.storeId(), before.version(), before.paused(), frequency, entities, before.rules(), webhook(before.webhook(), body));
    }

    private static WebhookTarget webhook(WebhookTarget before, JsonNode body) {
        if (!body.has("webhook_config")) {
            return before;
        }
        JsonNode given = body.get("webhook_config");
        if (given.isNull()) {
            return null;
        }
        URI endpoint = given.has("endpoint") ? URI.create(given.get("endpoint").asText()) : before == null ? null : before.endpoint();
        return endpoint == null ? null : new WebhookTarget(endpoint, given.path("enabled").asBoolean(true));
    }

    public Object show(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("store_id", store.storeId());
        answer.put("sync_config_id", stores.configId(store.storeId()));
        answer.put("version", store.version());
        answer.put("paused", store.paused());
        answer.put("configuration", document.write(store));
        answer.put("webhook_urls", urls.of(store, request.origin()));
        return Map.of("data", answer);
    }

    public Object versions(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        int page = request.number("page");
        int limit = request.number("limit");
        return Listing.of(stores.versions(store.storeId(), page, limit), page, limit, store.version());
    }

    public Object pause(ApiRequest request) {
        return setPaused(request, true);
    }

    public Object resume(ApiRequest request) {
        return setPaused(request, false);
    }

    private Object setPaused(ApiRequest request, boolean paused) {
        String storeId = request.text("store_id");
        String status = paused ? "paused" : "active";
        transaction.executeWithoutResult(transacted -> {
            boolean changed = stores.setPaused(storeId, paused);
            if (!paused) {
                // Also where it was not paused: a hub that died between the two calls has left its changes aside.
                queue.resume(storeId);
            }
            schedules.setPaused(stores.get(storeId), paused);
            audit.record(by(request), paused ? "store.pause" : "store.resume", storeId, status, Map.of("changed", changed));
        });
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("store_id", storeId);
        answer.put("status", status);
        return Map.of("data", answer);
    }

    private static String by(ApiRequest request) {
        return request.principal() == null ? "anonymous" : request.principal().getName();
    }
}
