package dev.serai.retail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.access.Access;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.device.DeviceEvents;
import dev.serai.device.DeviceEvents.Receipt;
import dev.serai.device.FeedPage;
import dev.serai.device.FeedQuery;
import dev.serai.web.ApiException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.stereotype.Component;

/** The operations of the retail face. */
@Component("retail")
public class Retail {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Map<String, String> REPLAYED = Map.of("Idempotency-Replayed", "true");

    private final DeviceEvents events;
    private final PushStatus status;
    private final SyncAudit audit;
    private final LoginDesk logins;
    private final EventWriter writer;
    private final Access access;

    Retail(DeviceEvents events, PushStatus status, SyncAudit audit, LoginDesk logins, EventWriter writer, Access access) {
        this.events = events;
        this.status = status;
        this.audit = audit;
        this.logins = logins;
        this.writer = writer;
        this.access = access;
    }

    public Object ping(ApiRequest request) {
        return Map.of("status", "ok", "message", "pong");
    }

    public Object login(ApiRequest request) {
        return logins.login(request);
    }

    /** Answers when the event is committed. */
    public Answer pushEvent(ApiRequest request) {
        access.requireDevice(request.body().path("device_id").asText());
        try {
            return queued(events.accept(PushRequest.read(request)).get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } catch (RejectedExecutionException e) {
            throw later(e.getMessage() + ".");
        } catch (TimeoutException e) {
            throw later("The database does not answer. The event may be accepted all the same: repeat it with the same Idempotency-Key.");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw later("The hub is stopping.");
        }
    }

    private static ApiException later(String message) {
        return new ApiException(503, "UNAVAILABLE", message, null, Map.of("Retry-After", "1"));
    }

    private static Answer queued(Receipt receipt) {
        if (!receipt.same()) {
            throw ApiException.of(422, "This Idempotency-Key was used with another body. Use a new key for a new request.");
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("message", "Event queued");
        body.put("event_id", receipt.eventId());
        return new Answer(202, body, receipt.repeated() ? REPLAYED : Map.of());
    }

    public Object pullEvents(ApiRequest request) {
        String deviceId = request.text("device_id");
        access.requireDevice(deviceId);
        String cursor = request.text("cursor");
        FeedPage page = events.read(new FeedQuery(
                deviceId, cursor == null ? 0 : Long.parseLong(cursor), request.instant("since"), false, request.number("limit")));
        audit.pulled(who(request), deviceId, page);
        return writer.page(page);
    }

    public Object acknowledgeEvents(ApiRequest request) {
        JsonNode body = request.body();
        String deviceId = body.path("device_id").asText();
        access.requireDevice(deviceId);
        TreeSet<Long> ids = AckRequest.eventIds(body);
        int known = audit.acknowledging(who(request), deviceId, ids, () -> events.acknowledge(deviceId, ids));
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("acknowledged", known);
        answer.put("unknown", ids.size() - known);
        return answer;
    }

    public Object deviceSyncStatus(ApiRequest request) {
        return status.show(own(request.text("device_id")), request.text("user_id"), request.text("cursor"), request.number("limit"));
    }

    public Object syncAudit(ApiRequest request) {
        return audit.show(request, own(request.text("device_id")));
    }

    /** A device that names none means itself. */
    private String own(String deviceId) {
        if (deviceId != null) {
            access.requireDevice(deviceId);
            return deviceId;
        }
        if (!access.scope().isAll() && access.scope().deviceId() == null) {
            access.requireAll();
        }
        return access.scope().deviceId();
    }

    static String who(ApiRequest request) {
        return request.principal() == null ? "anonymous" : request.principal().getName();
    }
}
