package dev.serai.storesync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.access.Access;
import dev.serai.access.Scope;
import dev.serai.conflict.ConflictList;
import dev.serai.conflict.ConflictList.Found;
import dev.serai.contract.ApiRequest;
import dev.serai.decision.Decisions;
import dev.serai.rules.EntityRules;
import dev.serai.rules.LastWriteWins;
import dev.serai.rules.SyncRule;
import dev.serai.store.Stores;
import dev.serai.watch.Audit;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Operations on conflicts: list, resolve, undo. */
@Component("storeConflicts")
public class StoreConflicts {

    private static final int ATTEMPTS = 3;

    /** A new rule may be told as a strategy, too. */
    private static final Map<String, String> ACTION_OF_STRATEGY = Map.of(
            LastWriteWins.NAME, SyncRule.NEWEST_WINS,
            EntityRules.STORE_PRIORITY, SyncRule.USE_STORE,
            EntityRules.PLATFORM_PRIORITY, SyncRule.USE_PLATFORM);

    private final ConflictList conflicts;
    private final Decisions decisions;
    private final Stores stores;
    private final Access access;
    private final Audit audit;
    private final TransactionTemplate transaction;

    StoreConflicts(
            ConflictList conflicts,
            Decisions decisions,
            Stores stores,
            Access access,
            Audit audit,
            PlatformTransactionManager transactions) {
        this.conflicts = conflicts;
        this.decisions = decisions;
        this.stores = stores;
        this.access = access;
        this.audit = audit;
        this.transaction = new TransactionTemplate(transactions);
    }

    public Object list(ApiRequest request) {
        String storeId = stores.get(request.text("store_id")).storeId();
        String status = request.text("status");
        String entityType = request.text("entity_type");
        int page = request.number("page");
        int limit = request.number("limit");
        return Listing.of(
                conflicts.list(storeId, status, entityType, page, limit), page, limit, conflicts.count(storeId, status, entityType));
    }

    public Object resolve(ApiRequest request) {
        String id = request.text("conflict_id");
        Found conflict = ConflictList.conflictNumber(id).flatMap(conflicts::find).filter(found -> isOwn(found.key().storeId()))
                .orElseThrow(() -> ApiException.notFound("There is no conflict '" + id + "' that these credentials can see."));
        JsonNode body = request.body();
        String resolution = body.path("resolution").asText();
        JsonNode value = customValue(conflict, resolution, body);
        SyncRule rule = newRule(conflict, body.path("create_rule"));
        String by = by(request);
        Map<String, Object> answer = persistently(() -> {
            Decisions.Result result =
                    decisions.resolve(conflict.id(), resolution, value, body.path("apply_to_similar").asBoolean(), by);
            if (rule != null) {
                stores.change(result.storeId(), by, store -> store.withRules(StoreRules.with(store.rules(), rule)));
            }
            Map<String, Object> done = new LinkedHashMap<>();
            done.put("conflict_id", id);
            done.put("status", resolution.equals(Decisions.IGNORE) ? "ignored" : "resolved");
            done.put("resolution", resolution);
            done.put("decision_id", ConflictList.decisionId(result.decisionId()));
            done.put("conflicts_resolved", result.conflicts());
            if (rule != null) {
                done.put("rule", rule.name());
            }
            audit.record(by, "conflict.resolve", id, resolution, Map.of(
                    "store_id", result.storeId(), "decision_id", done.get("decision_id"), "conflicts", result.conflicts()));
            return done;
        });
        return Map.of("data", answer);
    }

    private static JsonNode customValue(Found conflict, String resolution, JsonNode body) {
        boolean custom = resolution.equals(Decisions.USE_CUSTOM);
        if (custom != body.has("value")) {
            String message = custom ? "field required with use_custom_value" : "a value goes with use_custom_value only";
            throw ApiException.invalid(List.of(Problem.body("value", message, custom ? "value_error.missing" : "value_error.extra")));
        }
        if (custom && conflict.key().isExistence()) {
            throw ApiException.invalid(List.of(Problem.body(
                    "resolution", "one side deleted the record: use_store_value, use_platform_value or ignore", "value_error.resolution")));
        }
        return custom ? body.get("value") : null;
    }

    private static SyncRule newRule(Found conflict, JsonNode rule) {
        if (!rule.isObject()) {
            return null;
        }
        String strategy = rule.path("strategy").asText();
        String entityType = rule.path("entity_type").asText(conflict.key().record().entityType());
        String field = rule.path("field").asText(conflict.key().field());
        String name = rule.path("name").asText(entityType + "_" + field + "_" + strategy);
        return new SyncRule(name, entityType, field, SyncRule.CONFLICT_DETECTED, ACTION_OF_STRATEGY.getOrDefault(strategy, strategy));
    }

    public Object undo(ApiRequest request) {
        String id = request.text("decision_id");
        Optional<Long> number = ConflictList.decisionNumber(id);
        if (number.flatMap(decisions::storeOf).filter(this::isOwn).isEmpty()) {
            throw ApiException.notFound("There is no decision '" + id + "' that these credentials can see.");
        }
        String by = by(request);
        Map<String, Object> answer = persistently(() -> {
            Decisions.Result result = decisions.undo(number.get(), by);
            audit.record(by, "decision.undo", id, "undone", Map.of("store_id", result.storeId(), "conflicts", result.conflicts()));
            Map<String, Object> done = new LinkedHashMap<>();
            done.put("decision_id", id);
            done.put("status", "undone");
            done.put("resolution", result.resolution());
            done.put("conflicts_restored", result.conflicts());
            return done;
        });
        return Map.of("data", answer);
    }

    /** Again where a batch of changes and a decision had each what the other wanted. */
    private <T> T persistently(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return transaction.execute(status -> work.get());
            } catch (ConcurrencyFailureException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private boolean isOwn(String storeId) {
        Scope scope = access.scope();
        return scope.isAll() || storeId.equals(scope.storeId());
    }

    private static String by(ApiRequest request) {
        return request.principal() == null ? "anonymous" : request.principal().getName();
    }
}
