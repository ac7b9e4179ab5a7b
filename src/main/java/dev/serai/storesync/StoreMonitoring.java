package dev.serai.storesync;

import dev.serai.access.Access;
import dev.serai.contract.ApiRequest;
import dev.serai.health.Alerts;
import dev.serai.health.StoreHealth;
import dev.serai.health.StoreHealths;
import dev.serai.store.EntityConfig;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.storesync.StoreFigures.Figures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Operations that show how stores' syncs go: a store's status, metrics, alerts. */
@Component("storeMonitoring")
public class StoreMonitoring {

    private final Stores stores;
    private final StoreFigures figures;
    private final StoreSchedules schedules;
    private final StoreHealths healths;
    private final Alerts alerts;
    private final Access access;

    StoreMonitoring(
            Stores stores, StoreFigures figures, StoreSchedules schedules, StoreHealths healths, Alerts alerts, Access access) {
        this.stores = stores;
        this.figures = figures;
        this.schedules = schedules;
        this.healths = healths;
        this.alerts = alerts;
        this.access = access;
    }

    public Object status(ApiRequest request) {
        StoreConfig store = stores.get(request.text("store_id"));
        List<String> types = store.entities().stream().map(EntityConfig::type).toList();
        Map<String, Figures> byType = figures.of(store.storeId(), types);
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("store_id", store.storeId());
        status.put("overall_status", overall(store, byType));
        status.put("last_sync", byType.values().stream().map(Figures::lastSync).filter(Objects::nonNull)
                .max(Comparator.<Instant>naturalOrder()).orElse(null));
        status.put("next_sync", schedules.next(store));
        List<Map<String, Object>> entities = new ArrayList<>();
        types.forEach(type -> entities.add(entity(store, type, byType.get(type))));
        status.put("entities", entities);
        StoreHealth health = healths.of(store.storeId());
        Map<String, Object> syncHealth = new LinkedHashMap<>();
        syncHealth.put("success_rate", rounded(health.successRate()));
        syncHealth.put("avg_sync_time", Durations.seconds(health.averageMillis()));
        syncHealth.put("error_count_24h", health.failed());
        syncHealth.putAll(metrics(health));
        status.put("sync_health", syncHealth);
        return Map.of("data", status);
    }

    /**
     * {@code paused}, {@code degraded} while an alert stands, an entity failed, deliveries are parked or the store takes no webhooks, else
     * {@code healthy}.
     */
    private String overall(StoreConfig store, Map<String, Figures> byType) {
        if (store.paused()) {
            return "paused";
        }
        boolean failed = byType.values().stream().anyMatch(entity -> "failed".equals(entity.verdict()) || entity.parked() > 0);
        boolean gone = store.webhook() != null && !store.webhook().enabled();
        return failed || gone || alerts.count(store.storeId(), null, "active") > 0 ? "degraded" : "healthy";
    }

    private static Map<String, Object> entity(StoreConfig store, String type, Figures figures) {
        Map<String, Object> entity = new LinkedHashMap<>();
        entity.put("type", type);
        entity.put("status", state(store, figures));
        entity.put("last_sync", figures.lastSync());
        entity.put("records_count", figures.records());
        entity.put("pending_changes", figures.pending() + figures.parked());
        entity.put("conflicts", figures.conflicts());
        return entity;
    }

    private static String state(StoreConfig store, Figures figures) {
        if (store.paused()) {
            return "paused";
        }
        if (figures.syncing() || figures.pending() > 0) {
            return "syncing";
        }
        if (figures.parked() > 0) {
            return "failed";
        }
        if (figures.verdict() == null) {
            return figures.records() > 0 ? "synced" : "never_synced";
        }
        return "failed".equals(figures.verdict()) ? "failed" : "synced";
    }

    /** Of the caller's store, or of all stores taken together. */
    public Object metrics(ApiRequest request) {
        String own = access.scope().storeId();
        return Map.of("data", Map.of("metrics", metrics(own == null ? healths.total() : healths.of(own))));
    }

    private static Map<String, Object> metrics(StoreHealth health) {
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("sync_success_rate", rounded(health.successRate()));
        metrics.put("avg_sync_duration", Durations.seconds(health.averageMillis()));
        metrics.put("conflicts_per_day", health.conflicts());
        metrics.put("data_drift_percentage", rounded(health.driftPercentage()));
        metrics.put("webhook_delivery_rate", rounded(health.deliveryRate()));
        return metrics;
    }

    /** One decimal. What is not all is never shown as 100, nor what is something as 0. */
    private static double rounded(double percent) {
        double rounded = Math.round(percent * 10) / 10.0;
        if (percent < 100 && rounded == 100) {
            return 99.9;
        }
        return percent > 0 && rounded == 0 ? 0.1 : rounded;
    }

    public Object alerts(ApiRequest request) {
        String own = access.scope().storeId();
        String storeId = own == null ? request.text("store_id") : own;
        int page = request.number("page");
        int limit = request.number("limit");
        String condition = request.text("condition");
        String status = request.text("status");
        return Listing.of(alerts.list(storeId, condition, status, page, limit), page, limit, alerts.count(storeId, condition, status));
    }
}
