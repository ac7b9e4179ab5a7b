package dev.serai.delivery;

import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.delivery.DeliveryQueue.Due;
import dev.serai.record.Applied;
import dev.serai.record.AppliedListener;
import dev.serai.record.Differing;
import dev.serai.record.SyncedEntities;
import dev.serai.rules.EntityRules;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Puts applied changes on their way to the stores that sync them, in the transaction that applies them. What is sent is made when it is sent. */
@Component("storeDeliveries")
public class StoreDeliveries implements AppliedListener {

    /** When what nobody has asked for is due. */
    private static final Instant NOT_BY_ITSELF = Instant.parse("9999-01-01T00:00:00Z");

    private static final Comparator<Due> ORDER = Comparator.comparing((Due due) -> due.key().entityType())
            .thenComparing(due -> due.key().key())
            .thenComparing(Due::storeId);

    private final Stores stores;
    private final SyncedEntities synced;
    private final DeliveryQueue queue;
    private final DeliveryWake wake;
    private final Clock clock;
    private final Contradictions contradictions = new Contradictions();

    StoreDeliveries(Stores stores, SyncedEntities synced, DeliveryQueue queue, DeliveryWake wake, Clock clock) {
        this.stores = stores;
        this.synced = synced;
        this.queue = queue;
        this.wake = wake;
        this.clock = clock;
    }

    /** Every store that syncs the record, but the one that the change came from. */
    @Override
    public void applied(List<Applied> applied, Instant now) {
        Map<String, List<StoreConfig>> byType = new HashMap<>();
        Map<List<Object>, Due> due = new HashMap<>();
        for (Applied one : applied) {
            for (StoreConfig store : byType.computeIfAbsent(one.key().entityType(), stores::syncing)) {
                if (concerns(store, one)) {
                    Instant when = due(store, one, now);
                    due.merge(List.of(store.storeId(), one.key()),
                            new Due(store.storeId(), one.key(), one.entry().seq(), one.entry().acceptedAt(), when),
                            (before, after) -> before.due().isBefore(when) ? after.at(before.due()) : after);
                }
            }
        }
        enqueue(due.values(), now);
    }

    /** A store whose own change did not stand is told how things stand; one that contradicts each time, more and more rarely. */
    @Override
    public void differing(List<Differing> differing, Instant now) {
        Map<List<Object>, Due> due = new HashMap<>();
        for (Differing one : differing) {
            stores.find(one.storeId()).filter(store -> isServed(store, one.key().entityType())).ifPresent(store -> due.put(
                    List.of(one.storeId(), one.key()),
                    new Due(one.storeId(), one.key(), one.seq(), one.acceptedAt(), told(store, one, now))));
        }
        enqueue(due.values(), now);
    }

    private Instant told(StoreConfig store, Differing one, Instant now) {
        Instant next = nextSync(store.frequency(), now);
        Instant patient = now.plus(contradictions.pause(one, now));
        return next.isBefore(patient) ? patient : next;
    }

    private void enqueue(Collection<Due> due, Instant now) {
        if (due.isEmpty()) {
            return;
        }
        queue.add(due.stream().sorted(ORDER).toList(), now);
        if (due.stream().anyMatch(one -> !one.due().isAfter(now))) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    wake.deliver();
                }
            });
        }
    }

    private static boolean isServed(StoreConfig store, String entityType) {
        EntityConfig entity = store.entity(entityType);
        return store.webhook() != null && entity != null && entity.direction().sendsToStore();
    }

    private boolean concerns(StoreConfig store, Applied one) {
        Change change = one.entry().change();
        if (!isServed(store, change.entityType()) || store.storeId().equals(change.storeId())) {
            return false;
        }
        if (change.storeId() != null && !store.entity(change.entityType()).shareStores()) {
            return false;
        }
        return one.deleted() || one.changed() == null || one.changed().keySet().stream().anyMatch(rules(store, one.key())::concerns);
    }

    private EntityRules rules(StoreConfig store, RecordKey key) {
        return synced.rules(store.entity(key.entityType()), store.rules());
    }

    private Instant due(StoreConfig store, Applied one, Instant now) {
        if (store.frequency() == Frequency.REAL_TIME) {
            return now;
        }
        EntityRules rules = rules(store, one.key());
        boolean immediately = one.changed() == null ? rules.syncsImmediately(one.content()) : rules.syncsImmediately(one.changed().keySet());
        return immediately ? now : nextSync(store.frequency(), now);
    }

    /** Syncs of a frequency are at full intervals since 1970, for every store and hub alike. */
    private static Instant nextSync(Frequency frequency, Instant now) {
        if (frequency.interval() == null) {
            return frequency == Frequency.REAL_TIME ? now : NOT_BY_ITSELF;
        }
        long interval = frequency.interval().toSeconds();
        return Instant.ofEpochSecond((now.getEpochSecond() / interval + 1) * interval);
    }

    /**
     * What waited for a store's sync.
     *
     * @param unknown those of the records that the store has never been told of, nor has told of
     */
    public record Released(long records, long unknown) {

        public static final Released NOTHING = new Released(0, 0);
    }

    /** Sends what waits for the store's next sync of these entities now: a sync was asked for. */
    public Released sendNow(String storeId, Collection<String> entityTypes) {
        Released sent = queue.hurry(storeId, entityTypes, clock.instant());
        wake.deliver();
        return sent;
    }
}
