package dev.serai.pos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.access.Access;
import dev.serai.access.RateLimits;
import dev.serai.access.RateLimits.Verdict;
import dev.serai.access.Scope;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.pos.PosSyncs.Begun;
import dev.serai.web.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** The operations of the POS face. */
@Component("pos")
public class Pos {

    static final int LONGEST_ID = 128;

    private static final int SYNCS_A_MINUTE = 1;
    private static final int STATUS_CALLS_A_MINUTE = 60;
    private static final int MOST_IDS_NAMED = 100;

    private final PosSyncs syncs;
    private final PosStatus status;
    private final PosSchedules schedules;
    private final PosSettings settings;
    private final CloudEndpoint cloud;
    private final SendWake wake;
    private final Access access;
    private final RateLimits limits;
    private final Clock clock;

    Pos(PosSyncs syncs, PosStatus status, PosSchedules schedules, PosSettings settings, CloudEndpoint cloud, SendWake wake, Access access,
            RateLimits limits, Clock clock) {
        this.syncs = syncs;
        this.status = status;
        this.schedules = schedules;
        this.settings = settings;
        this.cloud = cloud;
        this.wake = wake;
        this.access = access;
        this.limits = limits;
        this.clock = clock;
    }

    /** Queues orders and answers at once; they are sent in the background. */
    public Object sync(ApiRequest request) {
        Wanted wanted = Wanted.of(request.body());
        String terminalId = terminal(wanted.terminalId());
        wanted.check();
        requireScheduler(terminalId);
        Set<Long> orderIds = wanted.numbers();
        if (wanted.isSpecific() && (orderIds.isEmpty() || !syncs.hasAny(terminalId, orderIds))) {
            throw ApiException.notFound("No valid orders found for IDs: " + named(wanted.orderIds()));
        }
        Verdict verdict = limits.take("pos:sync:" + terminalId, SYNCS_A_MINUTE);
        require(verdict);
        schedules.ensure(terminalId);
        Begun begun = wanted.isSpecific()
                ? syncs.these(terminalId, orderIds)
                : syncs.all(terminalId, wanted.allPending(), wanted.includeRecent());
        wake.send();
        return new Answer(202, initiated(wanted, terminalId, begun), headers(verdict));
    }

    private Map<String, Object> initiated(Wanted wanted, String terminalId, Begun begun) {
        int queued = begun.orderIds().size();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("sync_type", wanted.isSpecific() ? "specific_orders" : "scheduled_batch");
        details.put("include_recent", wanted.includeRecent());
        if (wanted.isSpecific()) {
            details.put("order_ids", begun.orderIds());
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", "initiated");
        answer.put("terminal_id", terminalId);
        answer.put("sync_batch_id", begun.batchId());
        answer.put("orders_queued", queued);
        answer.put("orders_synced", 0);
        answer.put("orders_failed", 0);
        answer.put("message", "Sync initiated for " + queued + (wanted.isSpecific() ? " orders" : " pending orders"));
        answer.put("timestamp", clock.instant().truncatedTo(ChronoUnit.MILLIS));
        answer.put("details", details);
        return answer;
    }

    /** As the document shows a list: [9999, 10000]. */
    private static String named(List<JsonNode> orderIds) {
        String more = orderIds.size() > MOST_IDS_NAMED ? ", …" : "";
        return orderIds.stream().limit(MOST_IDS_NAMED).map(JsonNode::asText).collect(Collectors.joining(", ", "[", more + "]"));
    }

    /** Shows where the terminal's orders stand. */
    public Object syncStatus(ApiRequest request) {
        String terminalId = terminal(request.text("terminal_id"));
        Verdict verdict = limits.take("pos:status:" + terminalId, STATUS_CALLS_A_MINUTE);
        require(verdict);
        if (terminalId.equals(access.scope().terminalId())) {
            schedules.ensure(terminalId);
        }
        Map<String, Long> counts = status.counts(terminalId);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("sync_status_counts", counts);
        // What a sync of all pending orders would send.
        answer.put("unsynced_orders", counts.get("pending") + counts.get("retry") + counts.get("failed"));
        answer.put("pending_conflicts", counts.get("conflict"));
        answer.put("last_batch", status.lastBatch(terminalId));
        answer.put("scheduler", scheduler(terminalId));
        answer.put("configuration", configuration(terminalId));
        return new Answer(200, answer, headers(verdict));
    }

    private Map<String, Object> scheduler(String terminalId) {
        boolean running = canSync(terminalId);
        Map<String, Object> scheduler = new LinkedHashMap<>();
        scheduler.put("running", running);
        scheduler.put("next_run", schedules.nextRun(terminalId).filter(next -> running)
                .map(next -> next.truncatedTo(ChronoUnit.SECONDS)).orElse(null));
        return scheduler;
    }

    private Map<String, Object> configuration(String terminalId) {
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("sync_enabled", settings.isEnabled(terminalId));
        configuration.put("sync_interval_minutes", minutes(settings.intervalOf(terminalId)));
        configuration.put("terminal_id", terminalId);
        configuration.put("cloud_endpoint", cloud.shown().orElse(null));
        return configuration;
    }

    private static Number minutes(Duration interval) {
        if (interval.toMillis() % 60_000 == 0) {
            return interval.toMinutes();
        }
        return interval.toMillis() / 60_000.0;
    }

    private boolean canSync(String terminalId) {
        return schedules.isRunning(terminalId) && cloud.url().isPresent();
    }

    private void requireScheduler(String terminalId) {
        if (!schedules.isRunning(terminalId)) {
            throw ApiException.of(503, "Sync scheduler is unavailable");
        }
        if (cloud.url().isEmpty()) {
            throw ApiException.of(503, "Sync scheduler is unavailable: no cloud endpoint is configured (SERAI_CLOUD_URL)");
        }
    }

    /** The terminal that is meant: the named one, else the caller's own, else the configured one. */
    private String terminal(String named) {
        Scope scope = access.scope();
        String meant = named != null ? named : scope.terminalId() != null ? scope.terminalId() : settings.terminalId();
        access.requireTerminal(meant);
        return meant;
    }

    private static void require(Verdict verdict) {
        if (!verdict.allowed()) {
            Map<String, String> headers = new LinkedHashMap<>(headers(verdict));
            headers.put("Retry-After", Long.toString(verdict.resetSeconds()));
            throw new ApiException(429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded. Please wait before retrying.", null, headers);
        }
    }

    private static Map<String, String> headers(Verdict verdict) {
        return Map.of(
                "X-RateLimit-Limit", Integer.toString(verdict.limit()),
                "X-RateLimit-Remaining", Long.toString(verdict.remaining()),
                "X-RateLimit-Reset", Long.toString(verdict.resetSeconds()));
    }
}
