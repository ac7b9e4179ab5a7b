package dev.serai.syncflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.change.RecordKey;
import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.record.RecordHistory;
import dev.serai.replay.Replays;
import dev.serai.run.AlreadyRunning;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.RunWorkers;
import dev.serai.run.Runs;
import dev.serai.run.SyncRequest;
import dev.serai.run.SyncRequest.Parent;
import dev.serai.run.SyncRequest.SyncType;
import dev.serai.watch.HubHealth;
import dev.serai.watch.HubMetrics;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** The operations of the SyncFlow face. */
@Component("syncflow")
public class Syncflow {

    private final Runs runs;
    private final RunWorkers workers;
    private final Connectors connectors;
    private final Batches batches;
    private final Monitoring monitoring;
    private final Replays replays;
    private final Ledgers ledgers;
    private final RecordHistory history;
    private final HubHealth health;
    private final HubMetrics metrics;
    private final Clock clock;

    Syncflow(
            Runs runs,
            RunWorkers workers,
            Connectors connectors,
            Batches batches,
            Monitoring monitoring,
            Replays replays,
            Ledgers ledgers,
            RecordHistory history,
            HubHealth health,
            HubMetrics metrics,
            Clock clock) {
        this.runs = runs;
        this.workers = workers;
        this.connectors = connectors;
        this.batches = batches;
        this.monitoring = monitoring;
        this.replays = replays;
        this.ledgers = ledgers;
        this.history = history;
        this.health = health;
        this.metrics = metrics;
        this.clock = clock;
    }

    public Object root(ApiRequest request) {
        return health.service();
    }

    public Object health(ApiRequest request) {
        return health.basic();
    }

    public Object metadata(ApiRequest request) {
        return health.metadata();
    }

    public Object healthDetailed(ApiRequest request) {
        HubHealth.Detailed detailed = health.detailed();
        return Answer.of(detailed.isHealthy() ? 200 : 503, detailed);
    }

    public Object prometheusMetrics(ApiRequest request) {
        return Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape());
    }

    public Object startSync(ApiRequest request) {
        SyncRequest sync = syncRequest(request.body());
        try {
            Run run = runs.create(sync);
            workers.takeUp();
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("batch_uid", run.runId());
            answer.put("entity_name", run.entityType());
            answer.put("sync_type", sync.syncType().text());
            answer.put("status", run.status().text());
            answer.put("message", "Sync of " + run.entityType() + " has started. See /api/v1/sync/status/" + run.runId());
            answer.put("started_at", run.createdAt());
            return Answer.accepted(answer);
        } catch (AlreadyRunning e) {
            throw ApiException.conflict(e.getMessage());
        }
    }

    private SyncRequest syncRequest(JsonNode body) {
        String slug = body.path("connector_api_slug").asText();
        Connector connector = connectors.find(slug).filter(found -> !connectors.isUnknownToService(found)).orElseThrow(() -> ApiException.notFound(
                "There is no connector " + slug + ". Add routes/connectors/" + slug + ".camel.yaml, or see GET /api/v1/metadata."));
        List<String> keys = texts(body.path("business_key_fields"));
        if (keys.isEmpty() && connector.keyFields().isEmpty()) {
            throw ApiException.invalid(List.of(new Problem(
                    List.of("body", "business_key_fields"), "field required: the connector declares no keys", "value_error.missing")));
        }
        JsonNode parent = body.path("parent");
        JsonNode maxPages = body.path("max_pages");
        return new SyncRequest(
                body.path("entity_name").asText().strip(),
                slug,
                keys.isEmpty() ? connector.keyFields() : keys,
                SyncType.valueOf(body.path("sync_type").asText("incremental").toUpperCase(Locale.ROOT)),
                body.path("page_size").asInt(1_000),
                maxPages.isNumber() ? maxPages.asInt() : null,
                parent.isObject() ? new Parent(parent.path("entity_name").asText(), texts(parent.path("key_fields"))) : connector.parent(),
                body.path("modified_field").asText(connector.modifiedField()),
                body.path("allow_mass_delete").asBoolean(false));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }

    public Object syncStatus(ApiRequest request) {
        return batches.show(find(request));
    }

    public Object stopSync(ApiRequest request) {
        Run run = find(request);
        if (!runs.requestStop(run.runId())) {
            throw ApiException.badRequest("Batch " + run.runId() + " is not running: it is " + find(request).status().text());
        }
        return Map.of("success", true, "message", "Batch " + run.runId() + " stops after the page in hand");
    }

    private Run find(ApiRequest request) {
        String text = request.text("batch_uid");
        return uuid(text).flatMap(runs::find).orElseThrow(() -> ApiException.notFound("There is no batch " + text));
    }

    static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A batch to narrow a list by; what is no batch's name narrows it to nothing. */
    private static UUID batchFilter(ApiRequest request) {
        String text = request.text("batch_uid");
        return text == null ? null : uuid(text).orElse(new UUID(0, 0));
    }

    public Object syncHistory(ApiRequest request) {
        String status = request.text("status");
        Runs.Selection selection = new Runs.Selection(request.text("entity_name"), status == null ? null : RunStatus.of(status));
        int page = request.number("page");
        int pageSize = request.number("page_size");
        return page(batches.show(runs.list(selection, page, pageSize)), page, pageSize, runs.count(selection));
    }

    public Object retryFailed(ApiRequest request) {
        JsonNode body = request.body() == null ? MissingNode.getInstance() : request.body();
        String batch = body.path("batch_uid").asText(null);
        UUID runId = batch == null ? null : uuid(batch).flatMap(runs::find).map(Run::runId)
                .orElseThrow(() -> ApiException.notFound("There is no batch " + batch));
        JsonNode maxRetries = body.path("max_retries");
        Replays.Result result = replays.replay(
                Replays.Selection.of(
                        runId, body.path("entity_name").asText(null), maxRetries.isNumber() ? maxRetries.asInt() : null),
                body.path("limit").asInt(100),
                request.principal() == null ? "anonymous" : request.principal().getName());
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("retried", result.retried());
        answer.put("resolved", result.resolved());
        answer.put("still_failed", result.stillFailed());
        return answer;
    }

    public Object stats(ApiRequest request) {
        return monitoring.stats(clock.instant());
    }

    public Object failedRecords(ApiRequest request) {
        Monitoring.FailedSelection selection = new Monitoring.FailedSelection(
                batchFilter(request), request.text("entity_name"), request.text("error_type"), request.text("stage"));
        int page = request.number("page");
        int pageSize = request.number("page_size");
        return page(monitoring.failed(selection, page, pageSize), page, pageSize, monitoring.countFailed(selection));
    }

    public Object pendingChildren(ApiRequest request) {
        String parent = request.text("parent_entity");
        String entity = request.text("entity_name");
        int page = request.number("page");
        int pageSize = request.number("page_size");
        return page(
                monitoring.pendingChildren(parent, entity, page, pageSize), page, pageSize, monitoring.countPendingChildren(parent, entity));
    }

    public Object ledger(ApiRequest request) {
        UUID runId = request.text("batch_uid") == null ? null : find(request).runId();
        return ledgers.show(runId, request.text("store_id"));
    }

    public Object record(ApiRequest request) {
        RecordKey key = new RecordKey(request.text("entity"), request.text("key"));
        RecordHistory.State state = history.find(key).filter(found -> !found.deleted()).orElseThrow(() -> noRecord(key));
        return new RecordView(
                key.entityType(),
                key.key(),
                state.version(),
                state.data(),
                state.modifiedAt(),
                state.updatedAt(),
                state.source(),
                history.versions(state, 0, RecordView.VERSIONS));
    }

    public Object recordVersions(ApiRequest request) {
        RecordKey key = new RecordKey(request.text("entity"), request.text("key"));
        RecordHistory.State state = history.find(key).orElseThrow(() -> noRecord(key));
        int page = request.number("page");
        int pageSize = request.number("page_size");
        return page(history.versions(state, (page - 1) * pageSize, pageSize), page, pageSize, state.version());
    }

    private static ApiException noRecord(RecordKey key) {
        return ApiException.notFound("There is no record " + key.key() + " of " + key.entityType());
    }

    private static Map<String, Object> page(List<?> items, int page, int pageSize, long total) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", items);
        answer.put("page", page);
        answer.put("page_size", pageSize);
        answer.put("total", total);
        return answer;
    }
}
