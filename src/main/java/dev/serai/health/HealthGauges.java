package dev.serai.health;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * The stores' health as gauges, one of each kind a store, as of the last look. Every hub has them: they come from the database. Where the
 * last look is too long ago, since the database is away, they are NaN.
 */
@Component("healthGauges")
public class HealthGauges {

    private final StoreHealths healths;
    private final Alerts alerts;
    private final Map<MultiGauge, ToDoubleFunction<StoreHealth>> gauges = new LinkedHashMap<>();
    private final MultiGauge active;
    private final Duration kept;
    private final Clock clock;
    private volatile Instant refreshed = Instant.EPOCH;

    HealthGauges(
            StoreHealths healths, Alerts alerts, MeterRegistry registry, @Value("${serai.alerts.period}") long periodMillis, Clock clock) {
        this.healths = healths;
        this.alerts = alerts;
        this.kept = Duration.ofMillis(2 * periodMillis).plusMinutes(1);
        this.clock = clock;
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
            all.forEach((store, health) -> rows.add(Row.of(Tags.of("store", store), health, h -> whileKnown(value.applyAsDouble(h)))));
            gauge.register(rows, true);
        });
        active.register(
                alerts.active().stream()
                        .<Row<?>>map(alert -> Row.of(Tags.of("store", alert.storeId(), "condition", alert.condition()), alert, a -> whileKnown(1)))
                        .toList(),
                true);
        refreshed = clock.instant();
    }

    private double whileKnown(double value) {
        return Duration.between(refreshed, clock.instant()).compareTo(kept) <= 0 ? value : Double.NaN;
    }
}
