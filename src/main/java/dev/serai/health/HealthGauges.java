package dev.serai.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.springframework.stereotype.Component;

/** The stores' health as gauges, one of each kind a store, as of the last look. Every hub has them: they come from the database. */
@Component("healthGauges")
public class HealthGauges {

    private final StoreHealths healths;
    private final Alerts alerts;
    private final Map<MultiGauge, ToDoubleFunction<StoreHealth>> gauges = new LinkedHashMap<>();
    private final MultiGauge active;

    HealthGauges(StoreHealths healths, Alerts alerts, MeterRegistry registry) {
        this.healths = healths;
        this.alerts = alerts;
        gauge(registry, "serai.store.sync.success.rate", "Percent of syncs of a day that succeeded", StoreHealth::successRate);
        gauge(registry, "serai.store.sync.failure.rate", "Percent of recent syncs that failed", StoreHealth::recentFailureRate);
        gauge(registry, "serai.store.sync.slowest.seconds", "The slowest recent sync", health -> health.slowestMillis() / 1000.0);
        gauge(registry, "serai.store.conflicts.hour", "Conflicts of the last hour", StoreHealth::recentConflicts);
        gauge(registry, "serai.store.conflicts.day", "Conflicts of the last day", StoreHealth::conflicts);
        gauge(registry, "serai.store.drift", "Percent of records that differ between store and platform", StoreHealth::driftPercentage);
        gauge(registry, "serai.store.webhook.delivery.rate", "Percent of a day's deliveries that were taken", StoreHealth::deliveryRate);
        gauge(registry, "serai.store.webhook.failures", "Deliveries that failed one after the other", StoreHealth::consecutiveFailures);
        active = MultiGauge.builder("serai.alert.active").description("1 for each alert that stands").register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String help, ToDoubleFunction<StoreHealth> value) {
        gauges.put(MultiGauge.builder(name).description(help).register(registry), value);
    }

    /** Reads the health anew. */
    public void refresh() {
        Map<String, StoreHealth> all = healths.all();
        gauges.forEach((gauge, value) -> {
            List<Row<?>> rows = new ArrayList<>();
            all.forEach((store, health) -> rows.add(Row.of(Tags.of("store", store), health, value)));
            gauge.register(rows, true);
        });
        active.register(
                alerts.active().stream()
                        .<Row<?>>map(alert -> Row.of(Tags.of("store", alert.storeId(), "condition", alert.condition()), 1))
                        .toList(),
                true);
    }
}
