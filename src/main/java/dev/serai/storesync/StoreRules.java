package dev.serai.storesync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.contract.ApiRequest;
import dev.serai.preview.RulePreview;
import dev.serai.rules.FieldFilter;
import dev.serai.rules.SyncRule;
import dev.serai.store.EntityConfig;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.watch.Audit;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Operations on a store's rules and filters: set, show, try. */
@Component("storeRules")
public class StoreRules {

    private final Stores stores;
    private final RulePreview preview;
    private final Audit audit;

    StoreRules(Stores stores, RulePreview preview, Audit audit) {
        this.stores = stores;
        this.preview = preview;
        this.audit = audit;
    }

    public Object showRules(ApiRequest request) {
        return rules(stores.get(request.text("store_id")));
    }

    /** The rules in the body are the store's from now on. */
    public Object setRules(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        List<SyncRule> rules = read(store, request.body().path("rules"));
        StoreConfig saved = stores.change(store.storeId(), by(request), before -> before.withRules(rules));
        audit.record(by(request), "store.rules", store.storeId(), "saved", Map.of("version", saved.version(), "rules", rules.size()));
        return rules(saved);
    }

    private static Object rules(StoreConfig store) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("store_id", store.storeId());
        answer.put("version", store.version());
        answer.put("rules_configured", store.rules().size());
        answer.put("rules", store.rules().stream().map(StoreRules::show).toList());
        return Map.of("data", answer);
    }

    private static Map<String, Object> show(SyncRule rule) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("name", rule.name());
        shown.put("entity_type", rule.entityType());
        shown.put("field", rule.field());
        shown.put("condition", rule.condition());
        shown.put("action", rule.action());
        return shown;
    }

    /** What a JSON schema cannot say: names are there once, entities are synced, and there is an entity where there is a field of it. */
    private static List<SyncRule> read(StoreConfig store, JsonNode nodes) {
        List<SyncRule> rules = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < nodes.size(); i++) {
            JsonNode node = nodes.get(i);
            SyncRule rule = new SyncRule(
                    node.path("name").asText(), text(node, "entity_type"), text(node, "field"), node.path("condition").asText(),
                    node.path("action").asText());
            if (!names.add(rule.name())) {
                problems.add(new Problem(List.of("body", "rules", i, "name"), "the rule '" + rule.name() + "' is there twice",
                        "value_error.duplicate"));
            }
            if (rule.entityType() != null && store.entity(rule.entityType()) == null) {
                problems.add(unknownEntity(store, rule.entityType(), List.of("body", "rules", i, "entity_type")));
            }
            rules.add(rule);
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
        return rules;
    }

    private static String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : null;
    }

    private static Problem unknownEntity(StoreConfig store, String entityType, List<Object> where) {
        return new Problem(where, "store " + store.storeId() + " does not sync '" + entityType + "', only "
                + String.join(", ", store.entities().stream().map(EntityConfig::type).toList()), "value_error.entity");
    }

    /** With this rule in place of the one that is about the same. */
    static List<SyncRule> with(List<SyncRule> rules, SyncRule added) {
        List<SyncRule> all = new ArrayList<>(rules);
        all.removeIf(rule -> rule.name().equals(added.name())
                || Objects.equals(rule.entityType(), added.entityType())
                        && Objects.equals(rule.field(), added.field())
                        && rule.condition().equals(added.condition()));
        all.add(added);
        return all;
    }

    public Object showFilters(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        return Map.of("data", store.entities().stream().map(StoreRules::filters).toList());
    }

    /** The filters and excluded fields in the body are the entity's from now on; a part that is left out stays. */
    public Object setFilters(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        JsonNode body = request.body();
        String type = body.path("entity_type").asText();
        if (store.entity(type) == null) {
            throw ApiException.invalid(List.of(unknownEntity(store, type, List.of("body", "entity_type"))));
        }
        List<FieldFilter> filters = filters(body.path("filters"));
        Set<String> excluded = new LinkedHashSet<>();
        body.path("exclude_fields").forEach(field -> excluded.add(field.asText()));
        checkExcluded(store.entity(type), excluded);
        StoreConfig saved = stores.change(store.storeId(), by(request), before -> {
            EntityConfig entity = before.entity(type);
            return before.withEntity(entity.withFilters(
                    body.has("filters") ? filters : entity.filters(), body.has("exclude_fields") ? excluded : entity.excludeFields()));
        });
        audit.record(by(request), "store.filters", store.storeId(), "saved", Map.of("version", saved.version(), "entity_type", type));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("store_id", saved.storeId());
        answer.put("version", saved.version());
        answer.putAll(filters(saved.entity(type)));
        return Map.of("data", answer);
    }

    private static List<FieldFilter> filters(JsonNode nodes) {
        List<FieldFilter> filters = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < nodes.size(); i++) {
            FieldFilter filter =
                    new FieldFilter(nodes.get(i).path("field").asText(), nodes.get(i).path("operator").asText(), nodes.get(i).get("value"));
            String problem = FilterValues.problem(filter);
            if (problem != null) {
                problems.add(new Problem(List.of("body", "filters", i, "value"), problem, "value_error.filter"));
            }
            filters.add(filter);
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
        return filters;
    }

    /** Without its key and its time a record is none. */
    private static void checkExcluded(EntityConfig entity, Set<String> excluded) {
        for (String field : excluded) {
            if (entity.keyFields().contains(field) || entity.modifiedField().equals(field)) {
                throw ApiException.invalid(List.of(Problem.body(
                        "exclude_fields", field + " is the record's key or time and cannot be left out", "value_error.field")));
            }
        }
    }

    private static Map<String, Object> filters(EntityConfig entity) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("entity_type", entity.type());
        shown.put("filters", entity.filters());
        shown.put("exclude_fields", entity.excludeFields().stream().sorted().toList());
        return shown;
    }

    public Object previewRules(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        List<SyncRule> rules = read(store, request.body().path("rules"));
        int days = request.body().path("days").asInt(7);
        RulePreview.Result result = preview.preview(store, rules, days);
        audit.record(by(request), "store.rules.preview", store.storeId(), "done", Map.of("days", days, "rules", rules.size()));
        return Map.of("data", result);
    }

    private static String by(ApiRequest request) {
        return request.principal() == null ? "anonymous" : request.principal().getName();
    }
}
