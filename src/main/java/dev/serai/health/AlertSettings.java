package dev.serai.health;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** From which values on alerts are raised: where a value is greater than its threshold. */
@Component
class AlertSettings {

    private final Duration window;
    private final Map<AlertCondition, Double> thresholds = new EnumMap<>(AlertCondition.class);

    AlertSettings(
            @Value("${serai.alerts.window}") Duration window,
            @Value("${serai.alerts.sync-failure-rate}") double failureRate,
            @Value("${serai.alerts.conflicts-per-hour}") double conflicts,
            @Value("${serai.alerts.sync-duration}") Duration duration,
            @Value("${serai.alerts.data-drift}") double drift,
            @Value("${serai.alerts.webhook-failures}") double webhookFailures) {
        this.window = window;
        thresholds.put(AlertCondition.SYNC_FAILURE_RATE, failureRate);
        thresholds.put(AlertCondition.CONFLICT_COUNT, conflicts);
        thresholds.put(AlertCondition.SYNC_DURATION, duration.toMillis() / 1000.0);
        thresholds.put(AlertCondition.DATA_DRIFT, drift);
        thresholds.put(AlertCondition.WEBHOOK_FAILURES, webhookFailures);
    }

    /** How far failure rate and duration look back. */
    Duration window() {
        return window;
    }

    double threshold(AlertCondition condition) {
        return thresholds.get(condition);
    }
}
