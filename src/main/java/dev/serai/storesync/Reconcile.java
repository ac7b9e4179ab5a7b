package dev.serai.storesync;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.delivery.Resends;
import dev.serai.delivery.StoreDeliveries;
import dev.serai.delivery.StoreDeliveries.Released;
import dev.serai.run.Run;
import dev.serai.run.RunExecution;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.run.SyncRequest.SyncType;
import dev.serai.store.EntityConfig;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.storesync.Comparison.Compared;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Brings one entity of a store without a connector in step: the store is asked to send its records again, what waits for it is sent now,
 * and what differs is sent once more. A page is one transaction with the run's own progress, so that another hub goes on where this one died.
 */
@Component
class Reconcile implements RunExecution {

    private static final int PAGE = 5_000;

    private final Stores stores;
    private final Runs runs;
    private final Comparison comparison;
    private final StoreDeliveries deliveries;
    private final Resends resends;
    private final ObjectMapper json;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Reconcile(
            Stores stores,
            Runs runs,
            Comparison comparison,
            StoreDeliveries deliveries,
            Resends resends,
            ObjectMapper json,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.stores = stores;
        this.runs = runs;
        this.comparison = comparison;
        this.deliveries = deliveries;
        this.resends = resends;
        this.json = json;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    @Override
    public String kind() {
        return Run.RECONCILE;
    }

    @Override
    public void execute(Run run) {
        StoreConfig store = stores.find(run.storeId()).orElse(null);
        EntityConfig entity = store == null ? null : store.entity(run.entityType());
        if (entity == null) {
            runs.end(run, RunStatus.FAILED, "Sync failed", "Store " + run.storeId() + " does not sync " + run.entityType() + " any more.");
            return;
        }
        ObjectNode result = run.result() instanceof ObjectNode begun ? begun : begin(run, store, entity);
        if (entity.direction().sendsToStore() && !sendWhatDiffers(run, result)) {
            runs.end(run, RunStatus.CANCELLED, "Stopped; what was sent stays sent", null);
            return;
        }
        result.remove("after");
        runs.saveResult(run, result);
        runs.end(run, RunStatus.COMPLETED, "Reconciled " + result.path("records_processed").asLong() + " records", null);
    }

    private ObjectNode begin(Run run, StoreConfig store, EntityConfig entity) {
        ObjectNode result = json.createObjectNode();
        if (entity.direction().takesFromStore()) {
            result.put("resend", resends.ask(store, entity.type(), JobId.of(run), run.request().syncType().text()));
        }
        Released released = entity.direction().sendsToStore() ? deliveries.sendNow(store.storeId(), List.of(entity.type())) : Released.NOTHING;
        result.put("sent_now", released.records());
        result.put("new_to_store", released.unknown());
        result.put("redelivered", 0L);
        result.put("records_processed", 0L);
        result.put("records_total", comparison.count(store.storeId(), entity.type(), isFull(run)) + (isFull(run) ? 0 : released.unknown()));
        runs.saveResult(run, result);
        return result;
    }

    /** Answers false where the run was asked to stop. */
    private boolean sendWhatDiffers(Run run, ObjectNode result) {
        boolean more = true;
        while (more) {
            if (runs.isStopRequested(run)) {
                return false;
            }
            more = Boolean.TRUE.equals(transaction.execute(status -> sendPage(run, result)));
        }
        deliveries.sendNow(run.storeId(), List.of(run.entityType()));
        // What was released is among the run's records, also what the store did not know, so that it was not compared.
        result.put("records_processed", Math.max(result.path("records_processed").asLong(), result.path("records_total").asLong()));
        return true;
    }

    private boolean sendPage(Run run, ObjectNode result) {
        Compared page = comparison.page(run.storeId(), run.entityType(), isFull(run), result.path("after").asText(""), PAGE);
        if (!page.differing().isEmpty()) {
            deliveries.differing(page.differing(), clock.instant());
        }
        result.put("redelivered", result.path("redelivered").asLong() + page.differing().size());
        result.put("records_processed", result.path("records_processed").asLong() + page.records());
        if (page.last() != null) {
            result.put("after", page.last());
        }
        runs.saveResult(run, result);
        return page.records() == PAGE;
    }

    /** A full sync also sends what the store has never been told of. */
    private static boolean isFull(Run run) {
        return run.request().syncType() == SyncType.FULL;
    }
}
