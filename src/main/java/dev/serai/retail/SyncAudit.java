package dev.serai.retail;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.contract.ApiRequest;
import dev.serai.database.DatabaseFaults;
import dev.serai.database.Seldom;
import dev.serai.device.FeedPage;
import dev.serai.device.PushHistory;
import dev.serai.device.PushQuery;
import dev.serai.device.Pushed;
import dev.serai.journal.GroupCommit;
import dev.serai.watch.Audit;
import dev.serai.watch.AuditEntry;
import dev.serai.watch.AuditPage.Recorded;
import dev.serai.watch.AuditQuery;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The retail document's SyncAuditLog: the audit trail, and among its entries the pushes. Of a push the event itself is the entry: it has
 * device, user, caller and time, by the same commit.
 */
@Component
class SyncAudit implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(SyncAudit.class);
    private static final String PUSH = "sync.push";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Audit audit;
    private final PushHistory pushes;
    private final TransactionTemplate transaction;
    private final GroupCommit<AuditEntry, Boolean> pulls;
    private final Seldom lost = new Seldom(Duration.ofSeconds(10));

    SyncAudit(Audit audit, PushHistory pushes, PlatformTransactionManager transactions) {
        this.audit = audit;
        this.pushes = pushes;
        this.transaction = new TransactionTemplate(transactions);
        this.pulls = new GroupCommit<>("audit-trail", 1, 500, 10_000, entries -> {
            // Nobody waits for these. What comes meanwhile shares the next commit, and devices' own commits do not queue behind many.
            LockSupport.parkNanos(PAUSE_NANOS);
            audit.recordAll(entries);
            return Collections.nCopies(entries.size(), true);
        });
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Line(
            String auditId, Instant timestamp, String who, String userId, String deviceId, String action, String subject, String result,
            Map<String, Object> details) {

        static Line of(Recorded entry) {
            return new Line(
                    "a" + entry.id(), entry.at(), entry.who(), entry.userId(), entry.deviceId(), entry.action(), entry.subject(),
                    entry.result(), entry.details());
        }

        static Line of(Pushed pushed) {
            return new Line(
                    "e" + pushed.event().eventId(), pushed.event().acceptedAt(), pushed.caller(), pushed.event().userId(),
                    pushed.event().deviceId(), PUSH, "event " + pushed.event().eventId(), "accepted",
                    Map.of("event_type", pushed.event().eventType(), "live", pushed.event().live()));
        }

        boolean isPush() {
            return auditId.startsWith("e");
        }
    }

    /** Where a page ended in either list; null is its beginning. */
    private record Cursor(Long event, Long entry) {

        static Cursor parse(String text) {
            if (text == null) {
                return new Cursor(null, null);
            }
            String[] parts = text.split("-", -1);
            return new Cursor(part(parts[0]), part(parts[1]));
        }

        private static Long part(String text) {
            return text.isEmpty() ? null : Long.valueOf(text);
        }

        Cursor behind(List<Line> page) {
            Long event = this.event;
            Long entry = this.entry;
            for (Line line : page) {
                if (line.isPush()) {
                    event = Long.valueOf(line.auditId().substring(1));
                } else {
                    entry = Long.valueOf(line.auditId().substring(1));
                }
            }
            return new Cursor(event, entry);
        }

        String text() {
            return (event == null ? "" : event) + "-" + (entry == null ? "" : entry);
        }
    }

    /** A read is recorded soon after it; nothing waits for it. */
    void pulled(String who, String deviceId, FeedPage page) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("events", page.events().size());
        if (!page.events().isEmpty()) {
            details.put("first_event_id", page.events().get(0).eventId());
            details.put("last_event_id", page.next());
        }
        try {
            pulls.accept(new AuditEntry(who, null, deviceId, "sync.pull", "device " + deviceId, "200", details))
                    .exceptionally(e -> {
                        tellOfLost(who, deviceId, e);
                        return false;
                    });
        } catch (RejectedExecutionException e) {
            tellOfLost(who, deviceId, e);
        }
    }

    /** The device has its answer, which had to be one: an entry that cannot be written is told of in the log. */
    private void tellOfLost(String who, String deviceId, Throwable e) {
        lost.say(times -> LOG.warn(
                "{} audit entries of pulls could not be written, the last for device {} by {}: {}", times, deviceId, who, DatabaseFaults.reason(e)));
    }

    /** An acknowledgement and its entry are one commit. */
    int acknowledging(String who, String deviceId, SortedSet<Long> ids, IntSupplier acknowledge) {
        return transaction.execute(status -> {
            int known = acknowledge.getAsInt();
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("acknowledged", known);
            details.put("unknown", ids.size() - known);
            details.put("first_event_id", ids.first());
            details.put("last_event_id", ids.last());
            audit.record(new AuditEntry(who, null, deviceId, "sync.ack", "device " + deviceId, "200", details));
            return known;
        });
    }

    /**
     * Entries, the newest first.
     *
     * @throws ApiException 422 where {@code to} is before {@code from}
     */
    Map<String, Object> show(ApiRequest request, String deviceId) {
        requireOrder(request.instant("from"), request.instant("to"));
        int limit = request.number("limit");
        Cursor cursor = Cursor.parse(request.text("cursor"));
        List<Line> lines = merged(
                pushes(request, deviceId, cursor.event(), limit + 1), entries(request, deviceId, cursor.entry(), limit + 1));
        boolean more = lines.size() > limit;
        List<Line> page = more ? lines.subList(0, limit) : lines;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("entries", page);
        answer.put("has_more", more);
        answer.put("next_cursor", more ? cursor.behind(page).text() : null);
        return answer;
    }

    private static void requireOrder(Instant from, Instant to) {
        if (from != null && to != null && to.isBefore(from)) {
            throw ApiException.invalid(List.of(Problem.query("to", "to is before from", "value_error.range")));
        }
    }

    /** By time, and each list in its own order, so that a page ends at one place in each. */
    private static List<Line> merged(List<Line> pushes, List<Line> entries) {
        List<Line> lines = new ArrayList<>(pushes.size() + entries.size());
        int push = 0;
        for (Line entry : entries) {
            while (push < pushes.size() && pushes.get(push).timestamp().isAfter(entry.timestamp())) {
                lines.add(pushes.get(push++));
            }
            lines.add(entry);
        }
        lines.addAll(pushes.subList(push, pushes.size()));
        return lines;
    }

    private List<Line> pushes(ApiRequest request, String deviceId, Long before, int limit) {
        String action = request.text("action");
        if (action != null && !action.equals(PUSH)) {
            return List.of();
        }
        PushQuery query = new PushQuery(
                deviceId, request.text("user_id"), request.instant("from"), request.instant("to"), before, limit);
        return pushes.newest(query).stream().map(Line::of).toList();
    }

    private List<Line> entries(ApiRequest request, String deviceId, Long before, int limit) {
        String action = request.text("action");
        if (PUSH.equals(action)) {
            return List.of();
        }
        return audit.find(new AuditQuery(
                        deviceId, request.text("user_id"), action, request.instant("from"), request.instant("to"), before, limit))
                .entries().stream().map(Line::of).toList();
    }

    @Override
    public void start() {
        pulls.start();
    }

    @Override
    public void stop() {
        pulls.stop();
    }

    @Override
    public boolean isRunning() {
        return pulls.isRunning();
    }

    @Override
    public int getPhase() {
        return 0;
    }
}
