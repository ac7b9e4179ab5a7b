package dev.serai.health;

import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** What an alert is raised by, as the document lists it. */
public enum AlertCondition {
    SYNC_FAILURE_RATE("%.1f %% of syncs failed (more than %.1f %%)", StoreHealth::recentFailureRate),
    CONFLICT_COUNT("%.0f conflicts within an hour (more than %.0f)", StoreHealth::recentConflicts),
    SYNC_DURATION("A sync took %.1f seconds (more than %.0f)", health -> health.slowestMillis() / 1000.0),
    DATA_DRIFT("%.1f %% of records differ between store and platform (more than %.1f %%)", StoreHealth::driftPercentage),
    WEBHOOK_FAILURES("%.0f webhook deliveries failed one after the other (more than %.0f)", StoreHealth::consecutiveFailures);

    private final String message;
    private final ToDoubleFunction<StoreHealth> value;

    AlertCondition(String message, ToDoubleFunction<StoreHealth> value) {
        this.message = message;
        this.value = value;
    }

    /** As the API spells it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    double valueOf(StoreHealth health) {
        return value.applyAsDouble(health);
    }

    String message(double value, double threshold) {
        return String.format(Locale.ROOT, message, value, threshold);
    }
}
