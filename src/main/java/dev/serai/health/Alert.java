package dev.serai.health;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;

/**
 * An alert as it is shown.
 *
 * @param status    {@code active} or {@code cleared}
 * @param value     as measured last while it stood
 * @param clearedAt null while it stands
 */
@JsonNaming(SnakeCaseStrategy.class)
public record Alert(
        String alertId,
        String storeId,
        String condition,
        String status,
        double value,
        double threshold,
        String message,
        Instant raisedAt,
        Instant clearedAt) {}
