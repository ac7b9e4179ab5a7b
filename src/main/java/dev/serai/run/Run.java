package dev.serai.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * One bounded execution of a sync, as of when it was read. Times are null until they come; {@code position} until the first page.
 *
 * @param kind    what it does: see the constants
 * @param jobId   the store's job that it is a part of, or null
 * @param trigger {@code manual}, {@code scheduled} or {@code webhook}
 * @param result  what it found and did that no journal row tells, or null
 * @param verdict of a store's run that has ended, once nothing of it is in flight: {@code success}, {@code partial} or {@code failed}
 * @param stages  milliseconds at each of its {@link Stages}, or null
 */
public record Run(
        UUID runId,
        String kind,
        UUID jobId,
        String trigger,
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
        Position position,
        JsonNode result,
        String verdict,
        Long durationMs,
        Map<String, Long> stages) {

    /** Reads a source page by page. */
    public static final String PULL = "sync";

    /** Brings a store without a connector in step: what waits is sent, what differs is sent again, a resend is asked for. */
    public static final String RECONCILE = "reconcile";

    /** The webhooks of one store and entity that came in about the same time. */
    public static final String WEBHOOK = "webhook";

    /** One sync of a POS terminal: orders on their way to the cloud. The package {@code pos} carries it out, order by order. */
    public static final String POS = "pos";

    public boolean hasEnded() {
        return status != RunStatus.PENDING && status != RunStatus.RUNNING;
    }
}
