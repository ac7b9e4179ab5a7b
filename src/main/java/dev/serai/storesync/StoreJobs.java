package dev.serai.storesync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.access.Access;
import dev.serai.connector.Connector;
import dev.serai.connector.Connectors;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.run.AlreadyRunning;
import dev.serai.run.Jobs;
import dev.serai.run.Jobs.Part;
import dev.serai.run.Jobs.Span;
import dev.serai.run.Run;
import dev.serai.run.RunWorkers;
import dev.serai.run.SyncRequest;
import dev.serai.run.SyncRequest.JobOptions;
import dev.serai.run.SyncRequest.SyncType;
import dev.serai.store.EntityConfig;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.watch.Audit;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Operations on a store's jobs: trigger one, look at one, list what was synced. */
@Component("storeJobs")
public class StoreJobs {

    private static final Logger log = LoggerFactory.getLogger(StoreJobs.class);
    private static final int PAGE_SIZE = 1_000;

    private final Stores stores;
    private final Jobs jobs;
    private final JobView view;
    private final RunWorkers workers;
    private final Connectors connectors;
    private final Access access;
    private final Audit audit;

    StoreJobs(Stores stores, Jobs jobs, JobView view, RunWorkers workers, Connectors connectors, Access access, Audit audit) {
        this.stores = stores;
        this.jobs = jobs;
        this.view = view;
        this.workers = workers;
        this.connectors = connectors;
        this.access = access;
        this.audit = audit;
    }

    /** What a job may be asked to be done before others. */
    private enum Priority { LOW, NORMAL, HIGH }

    public Object trigger(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        JsonNode body = request.body();
        List<EntityConfig> entities = entities(store, body.path("entities"));
        if (store.paused()) {
            throw ApiException.conflict("Store " + store.storeId() + " is paused. Resume it first: POST /v1/stores/" + store.storeId()
                    + "/sync/resume");
        }
        JsonNode options = body.path("options");
        SyncType type = options.path("force_full_sync").asBoolean(false)
                ? SyncType.FULL
                : SyncType.valueOf(body.path("sync_type").asText("incremental").toUpperCase(Locale.ROOT));
        Priority priority = Priority.valueOf(body.path("priority").asText("normal").toUpperCase(Locale.ROOT));
        List<Part> parts = parts(entities, type,
                new JobOptions(options.path("validate_data").asBoolean(false), options.path("resolve_conflicts").asBoolean(false)));
        UUID job = create(store.storeId(), priority, parts);
        String by = request.principal() == null ? "anonymous" : request.principal().getName();
        audit.record(by, "store.sync", store.storeId(), "queued", Map.of("job_id", JobId.text(job), "priority", priority.name()));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sync_job_id", JobId.text(job));
        answer.put("status", "queued");
        answer.put("estimated_duration", Durations.estimate(estimate(store.storeId(), parts)));
        answer.put("entities_to_sync", entities.stream().map(EntityConfig::type).toList());
        answer.put("queue_position", Math.max(1, jobs.queuePosition(job)));
        workers.takeUp();
        return Answer.accepted(Map.of("data", answer));
    }

    private List<EntityConfig> entities(StoreConfig store, JsonNode wanted) {
        if (wanted.isMissingNode()) {
            return store.entities();
        }
        List<EntityConfig> entities = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            EntityConfig entity = store.entity(wanted.get(i).asText());
            if (entity == null) {
                problems.add(new Problem(List.of("body", "entities", i),
                        "store " + store.storeId() + " does not sync " + wanted.get(i).asText(), "value_error.unknown"));
            }
            entities.add(entity);
        }
        if (!problems.isEmpty()) {
            throw ApiException.invalid(problems);
        }
        return entities;
    }

    private List<Part> parts(List<EntityConfig> entities, SyncType type, JobOptions options) {
        return entities.stream().map(entity -> entity.connector() == null
                ? new Part(Run.RECONCILE, new SyncRequest(
                        entity.type(), "webhook", entity.keyFields(), type, 0, null, null, entity.modifiedField(), false, options))
                : pull(entity, type, options)).toList();
    }

    private Part pull(EntityConfig entity, SyncType type, JobOptions options) {
        Connector connector = connectors.find(entity.connector()).orElseThrow(() -> ApiException.conflict(
                "The connector " + entity.connector() + " of " + entity.type() + " is not there. Add routes/connectors/"
                        + entity.connector() + ".camel.yaml, or configure the store without it."));
        return new Part(Run.PULL, new SyncRequest(
                entity.type(), connector.slug(), entity.keyFields(), type, PAGE_SIZE, null, connector.parent(), entity.modifiedField(),
                false, options));
    }

    private UUID create(String storeId, Priority priority, List<Part> parts) {
        try {
            return jobs.create(storeId, "manual", priority.ordinal(), parts);
        } catch (AlreadyRunning e) {
            throw ApiException.conflict(e.getMessage());
        }
    }

    private Span estimate(String storeId, List<Part> parts) {
        Duration least = Duration.ZERO;
        Duration most = Duration.ZERO;
        for (Part part : parts) {
            Span span = jobs.durations(storeId, part.request().entityName(), part.kind(), part.request().syncType());
            if (span == null) {
                return null;
            }
            least = least.plus(span.least());
            most = most.plus(span.most());
        }
        return new Span(least, most);
    }

    /** What the store's schedule does when its time has come. An entity that is being synced is left out, a paused store as a whole. */
    public void scheduled(String storeId) {
        StoreConfig store = stores.find(storeId).filter(found -> !found.paused()).orElse(null);
        List<EntityConfig> entities = store == null ? new ArrayList<>() : new ArrayList<>(store.entities());
        while (!entities.isEmpty()) {
            try {
                List<Part> parts = parts(entities, SyncType.INCREMENTAL, new JobOptions(false, false));
                jobs.create(storeId, "scheduled", Priority.NORMAL.ordinal(), parts);
                workers.takeUp();
                return;
            } catch (AlreadyRunning e) {
                log.info("The scheduled sync of store {} leaves {} out: it is being synced already", storeId, e.entityType());
                entities.removeIf(entity -> entity.type().equals(e.entityType()));
            }
        }
    }

    public Object job(ApiRequest request) {
        String text = request.text("job_id");
        List<Run> runs = JobId.read(text).map(jobs::find).orElse(List.of());
        if (runs.isEmpty()) {
            throw ApiException.notFound("There is no job " + text);
        }
        access.requireStore(runs.get(0).storeId());
        return Map.of("data", view.job(runs));
    }

    public Object history(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        DateRange range = DateRange.of(request, "start_date", "end_date");
        Jobs.Selection selection = new Jobs.Selection(
                store.storeId(), range.from(), range.until(), request.text("entity_type"),
                request.text("status"), request.text("trigger"));
        int page = request.number("page");
        int limit = request.number("limit");
        return Listing.of(view.history(jobs.history(selection, page, limit)), page, limit, jobs.count(selection));
    }
}
