package dev.serai.retail;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.contract.Contracts;
import dev.serai.contract.Operation;
import dev.serai.device.DeviceEvent;
import dev.serai.device.DeviceEvents;
import dev.serai.device.DeviceEvents.Receipt;
import dev.serai.device.FeedQuery;
import dev.serai.device.NewEvent;
import dev.serai.live.LiveMessage;
import dev.serai.live.LiveSession;
import dev.serai.live.LiveSource;
import dev.serai.live.Reply;
import dev.serai.web.ApiException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * What connected devices send goes through the journal first; what every hub reads there goes to the devices that are connected to it. So
 * all clients of all hubs see one order.
 */
@Component
class DeviceDesk implements LiveSource {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceDesk.class);

    private final DeviceEvents events;
    private final SyncAudit audit;
    private final EventWriter writer;
    private final Contracts contracts;
    private final Senders senders = new Senders();

    DeviceDesk(DeviceEvents events, SyncAudit audit, EventWriter writer, Contracts contracts) {
        this.events = events;
        this.audit = audit;
        this.writer = writer;
        this.contracts = contracts;
    }

    /**
     * By whose contract a push is read, however it comes.
     *
     * @throws ApiException 503 while the face is not served
     */
    Operation push() {
        return contracts.of("retail")
                .map(contract -> contract.operation("pushEvent"))
                .orElseThrow(() -> ApiException.of(503, "Events are not taken now: the retail face is not served. Send it again later."));
    }

    /** Journals an event; its sender is told the number, everybody else gets the event. */
    void accept(LiveSession session, NewEvent event, Reply reply) {
        try {
            CompletableFuture<Receipt> accepted = events.accept(event);
            senders.sending(session.id(), accepted);
            accepted.whenComplete((receipt, failure) -> {
                if (failure == null) {
                    reply.with("event_queued", queued(receipt.eventId()));
                } else {
                    LOG.warn("An event of device {} was not accepted: {}", event.deviceId(), failure.getMessage());
                    reply.error("The event was not accepted. Send it again in a moment.");
                }
            });
        } catch (RejectedExecutionException e) {
            reply.error(e.getMessage() + ".");
        }
    }

    private static ObjectNode queued(long eventId) {
        return JsonNodeFactory.instance.objectNode().put("message", "Event queued").put("event_id", eventId);
    }

    void acknowledge(SocketEvents.Acknowledgement what, String who, Reply reply) {
        TreeSet<Long> ids = new TreeSet<>(Set.of(what.eventId()));
        int known = audit.acknowledging(who, what.deviceId(), ids, () -> events.acknowledge(what.deviceId(), ids));
        if (known == 0) {
            throw ApiException.notFound("There is no event " + what.eventId() + ".");
        }
        reply.with("acknowledged", JsonNodeFactory.instance.objectNode()
                .put("event_id", what.eventId()).put("device_id", what.deviceId()).put("acknowledged", known));
    }

    /** What others sent and this device has not acknowledged. */
    List<LiveMessage> missed(String device, long position, int limit) {
        return events.read(new FeedQuery(device, position, null, true, limit)).events().stream().map(writer::message).toList();
    }

    @Override
    public String channel() {
        return "serai_device_events";
    }

    @Override
    public long newest() {
        return events.newest();
    }

    @Override
    public List<News> after(long position, int limit) {
        List<DeviceEvent> page = events.liveAfter(position, limit);
        senders.settle();
        return page.stream().map(event -> new News(DeviceClient.TOPIC, senders.except(event.eventId(), writer.message(event)))).toList();
    }

    /** Which of this hub's sessions sent an event: the event can be read back before the sender has been told its number. */
    private static final class Senders {

        private static final long PATIENCE_MILLIS = 1_000;

        private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
        private final Map<Long, String> sessions = new ConcurrentHashMap<>();

        void sending(String session, CompletableFuture<Receipt> accepted) {
            CompletableFuture<?> noted = accepted.handle((receipt, failure) -> {
                if (failure == null) {
                    sessions.put(receipt.eventId(), session);
                }
                return receipt;
            });
            underWay.add(noted);
            noted.thenRun(() -> underWay.remove(noted));
        }

        /** Every event that has been read was committed before this: its sender is known when those that are under way now are answered. */
        void settle() {
            try {
                CompletableFuture.allOf(underWay.toArray(CompletableFuture[]::new)).get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                LOG.debug("The sender of an event may get it back", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        LiveMessage except(long eventId, LiveMessage message) {
            String session = sessions.remove(eventId);
            return session == null ? message : message.notTo(session);
        }
    }
}
