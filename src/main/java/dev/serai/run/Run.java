package dev.serai.run;

import java.time.Instant;
import java.util.UUID;

/** One bounded execution of a sync, as of when it was read. Times are null until they come; {@code position} until the first page. */
public record Run(
        UUID runId,
        String entityType,
        String storeId,
        SyncRequest request,
        RunStatus status,
        String message,
        String errorMessage,
        Instant createdAt,
        Instant startedAt,
        Instant completedAt,
        boolean stopRequested,
        Integer owner,
        Position position) {}
