package dev.serai.store;

import dev.serai.web.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The stores and their configurations. Answers come from memory: what this hub changes shows at once, what another hub changes within a
 * second.
 */
@Component("stores")
public class Stores {

    /** Both secrets are good for so long after a rotation. */
    public static final Duration OVERLAP = Duration.ofHours(24);

    private static final Logger log = LoggerFactory.getLogger(Stores.class);
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MISSED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final StoreTable table;
    private final Seal seal;
    private final TransactionTemplate transaction;
    private final TransactionTemplate apart;
    private final Clock clock;
    private volatile Snapshot snapshot = new Snapshot(-1, System.nanoTime() - FRESH_NANOS, Map.of());

    Stores(StoreTable table, Seal seal, PlatformTransactionManager transactions, Clock clock) {
        this.table = table;
        this.seal = seal;
        this.transaction = new TransactionTemplate(transactions);
        this.apart = new TransactionTemplate(transactions);
        this.apart.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
        this.clock = clock;
    }

    private record Known(StoreTable.Row row, List<Secret> secrets) {}

    private record Snapshot(long revision, long readAt, Map<String, Known> stores) {

        boolean isYounger(long nanos) {
            return System.nanoTime() - readAt < nanos;
        }
    }

    public Optional<StoreConfig> find(String storeId) {
        return known(storeId).map(known -> known.row().config());
    }

    /** @throws ApiException 404 where there is no such store */
    public StoreConfig get(String storeId) {
        return find(storeId).orElseThrow(() -> unknown(storeId));
    }

    public List<StoreConfig> all() {
        return current().stores().values().stream().map(known -> known.row().config()).toList();
    }

    /** The stores that sync this entity, whatever the direction. */
    public List<StoreConfig> syncing(String entityType) {
        return all().stream().filter(store -> store.entity(entityType) != null).toList();
    }

    /** When the store was last resumed; empty where it was never paused. */
    public Optional<Instant> resumedAt(String storeId) {
        return known(storeId).map(known -> known.row().resumedAt());
    }

    /** The store's secrets that are valid now, the newest first; none where there is no such store. */
    public List<Secret> secrets(String storeId) {
        Instant now = clock.instant();
        return known(storeId).map(Known::secrets).orElse(List.of()).stream().filter(secret -> secret.isValidAt(now)).toList();
    }

    /** The id by which the API names the store's configuration. */
    public String configId(String storeId) {
        return "sync_config_" + known(storeId).orElseThrow(() -> unknown(storeId)).row().configId();
    }

    /** The configuration's versions, newest first. */
    public List<StoreVersion> versions(String storeId, int page, int limit) {
        return table.versions(storeId, limit, (page - 1L) * limit);
    }

    /**
     * Makes a store.
     *
     * @param secret null for none
     */
    public StoreConfig create(StoreConfig config, String secret, String by) {
        return write(config.storeId(), by, secret, before -> {
            if (before != null) {
                throw ApiException.conflict("Store " + config.storeId() + " has just been made by somebody else. Call again to update it.");
            }
            return config;
        });
    }

    /** Changes a store's configuration, which makes its next version; an edit that changes nothing makes none. */
    public StoreConfig change(String storeId, String by, UnaryOperator<StoreConfig> edit) {
        return change(storeId, by, null, edit);
    }

    /** @param secret a new one, after which the one before is good for {@link #OVERLAP}; null to leave it */
    public StoreConfig change(String storeId, String by, String secret, UnaryOperator<StoreConfig> edit) {
        return write(storeId, by, secret, before -> {
            if (before == null) {
                throw unknown(storeId);
            }
            return edit.apply(before);
        });
    }

    /** Pauses or resumes a store; answers whether that changed anything. */
    public boolean setPaused(String storeId, boolean paused) {
        boolean changed = Boolean.TRUE.equals(transaction.execute(status -> {
            long revision = table.nextRevision();
            StoreTable.Row row = table.find(storeId);
            if (row == null) {
                throw unknown(storeId);
            }
            if (row.config().paused() == paused) {
                return false;
            }
            table.setPaused(storeId, paused, revision, clock.instant());
            return true;
        }));
        refreshAfterCommit();
        return changed;
    }

    private StoreConfig write(String storeId, String by, String secret, UnaryOperator<StoreConfig> edit) {
        StoreConfig saved = transaction.execute(status -> {
            long revision = table.nextRevision();
            StoreTable.Row row = table.find(storeId);
            StoreConfig before = row == null ? null : row.config();
            StoreConfig after = edit.apply(before);
            boolean rotates = secret != null && !isNewest(storeId, secret);
            if (after.equals(before) && !rotates) {
                return before;
            }
            StoreConfig next = after.withVersion(before == null ? 1 : before.version() + 1);
            table.save(next, revision, by, clock.instant());
            if (rotates) {
                table.addSecret(storeId, seal.close(secret), clock.instant(), OVERLAP);
            }
            return next;
        });
        refreshAfterCommit();
        return saved;
    }

    private boolean isNewest(String storeId, String secret) {
        List<StoreTable.SealedSecret> secrets = table.secrets(List.of(storeId)).getOrDefault(storeId, List.of());
        return !secrets.isEmpty() && secret.equals(open(storeId, secrets.get(0)));
    }

    /** A store that is not known here may just have been made on another hub, so that a miss looks again sooner. */
    private Optional<Known> known(String storeId) {
        Known known = current().stores().get(storeId);
        return Optional.ofNullable(known != null || snapshot.isYounger(MISSED_NANOS) ? known : refresh(MISSED_NANOS).stores().get(storeId));
    }

    private Snapshot current() {
        return snapshot.isYounger(FRESH_NANOS) ? snapshot : refresh(FRESH_NANOS);
    }

    /** Reads outside the caller's transaction: only what is committed counts, and what a caller rolls back was never seen. */
    private synchronized Snapshot refresh(long nanos) {
        return snapshot.isYounger(nanos) ? snapshot : apart.execute(status -> read());
    }

    private void refreshAfterCommit() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            refresh(0);
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCompletion(int status) {
                refresh(0);
            }
        });
    }

    private Snapshot read() {
        long readAt = System.nanoTime();
        Snapshot before = snapshot;
        List<StoreTable.Row> changed = table.changedAfter(before.revision());
        if (changed.isEmpty()) {
            snapshot = new Snapshot(before.revision(), readAt, before.stores());
            return snapshot;
        }
        Map<String, Known> stores = new HashMap<>(before.stores());
        Map<String, List<StoreTable.SealedSecret>> secrets =
                table.secrets(changed.stream().map(row -> row.config().storeId()).toList());
        for (StoreTable.Row row : changed) {
            String storeId = row.config().storeId();
            stores.put(storeId, new Known(row, opened(storeId, secrets.getOrDefault(storeId, List.of()))));
        }
        snapshot = new Snapshot(changed.get(changed.size() - 1).revision(), readAt, Map.copyOf(stores));
        return snapshot;
    }

    private List<Secret> opened(String storeId, Collection<StoreTable.SealedSecret> sealed) {
        List<Secret> secrets = new ArrayList<>();
        for (StoreTable.SealedSecret secret : sealed) {
            String value = open(storeId, secret);
            if (value != null) {
                secrets.add(new Secret(value, secret.validUntil()));
            }
        }
        return List.copyOf(secrets);
    }

    private String open(String storeId, StoreTable.SealedSecret secret) {
        try {
            return seal.open(secret.sealed());
        } catch (IllegalStateException | ApiException e) {
            log.error("A secret of store {} cannot be read with this hub's SERAI_SECRET_KEY. Give the hub the key that it was sealed with,"
                    + " or configure the store's secret anew.", storeId);
            return null;
        }
    }

    private static ApiException unknown(String storeId) {
        return ApiException.notFound("There is no store '" + storeId + "'. A super admin makes it by POST /v1/stores/" + storeId
                + "/sync/configure.");
    }
}
