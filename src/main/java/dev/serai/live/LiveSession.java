package dev.serai.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.access.RateLimits.Verdict;
import dev.serai.web.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connected client of whatever protocol. Everything here may be called on any thread and never waits for the client. */
public final class LiveSession {

    private static final Logger LOG = LoggerFactory.getLogger(LiveSession.class);
    /** Messages beyond the limit that a client may send before it is closed. */
    private static final int PATIENCE = 100;

    private final String id = UUID.randomUUID().toString();
    private final Protocol protocol;
    private final Encoding encoding;
    private final LiveClient client;
    private final Transport transport;
    private final LiveCore core;
    private final Outbox outbox;
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile Following following;
    private int refused;
    /** Of the broadcaster alone: has been given something in this turn. */
    boolean marked;

    LiveSession(Protocol protocol, Encoding encoding, LiveClient client, Transport transport, LiveCore core) {
        this.protocol = protocol;
        this.encoding = encoding;
        this.client = client;
        this.transport = transport;
        this.core = core;
        this.outbox = new Outbox(transport, core.settings().buffer().toBytes(), core.settings().bufferFrames());
    }

    public String id() {
        return id;
    }

    /** Null where nobody's credentials opened it. */
    String callerId() {
        return client.callerId();
    }

    public void subscribe(String topic) {
        topics.add(topic);
        core.topics().add(topic, this);
        if (ended.get()) {
            core.topics().remove(topic, this);
        }
    }

    public void unsubscribe(String topic) {
        topics.remove(topic);
        core.topics().remove(topic, this);
    }

    /**
     * Sends what a client has missed, page by page as it reads, and then what is published to the topic, each message once and in order.
     * A session follows one topic; it may subscribe to others besides.
     *
     * @param position the place behind which the client goes on
     */
    public void follow(String topic, long position, PageReader missed) {
        following = new Following(this, outbox, core.workers(), position, missed);
        subscribe(topic);
        following.begin();
    }

    /** To this client only. */
    public void send(LiveMessage message) {
        queue(message);
        flush();
    }

    public void send(String event, JsonNode data) {
        send(LiveMessage.of(event, data));
    }

    /** A frame that is encoded already. */
    void sendRaw(String frame) {
        queue(frame.getBytes(StandardCharsets.UTF_8));
        flush();
    }

    /** Says what was wrong with what the client sent; the connection stays. */
    public void error(String event, String message) {
        ObjectNode data = JsonNodeFactory.instance.objectNode().put("message", message);
        if (event != null) {
            data.put("event", event);
        }
        send("error", data);
    }

    /** A message of a topic: queued, not yet written. */
    void offer(LiveMessage message) {
        Following ahead = following;
        if (message.isFor(this) && (ahead == null || ahead.lets(message))) {
            queue(message);
        }
    }

    void queue(LiveMessage message) {
        queue(message.encoded(encoding));
    }

    private void queue(byte[] frame) {
        if (!outbox.offer(frame)) {
            core.metrics().dropped(protocol, "slow");
            close(CloseCode.TOO_SLOW, "Too slow: what was sent was not read. Connect again to get what was missed.");
        }
    }

    void flush() {
        core.metrics().sent(protocol, outbox.flush());
    }

    void opened() {
        core.sessions().add(this);
        if (ended.get()) {
            core.sessions().remove(this);
        }
        core.metrics().opened(protocol);
        client.opened(this);
    }

    /** An event from the client, on its own thread. */
    void received(String event, JsonNode data, Reply reply) {
        if (!isWithinLimit()) {
            return;
        }
        try {
            client.received(this, event, data, reply);
        } catch (ApiException e) {
            reply.error(e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("The event {} of a live client failed", event, e);
            reply.error("This could not be done now. Try again later.");
        }
    }

    /** What is no event at all counts as well. */
    void malformed(String message) {
        if (isWithinLimit()) {
            error(null, message);
        }
    }

    private boolean isWithinLimit() {
        core.metrics().received(protocol);
        Verdict verdict = core.limits().take("live:" + client.countedAs(), core.settings().messagesPerMinute());
        if (verdict.allowed()) {
            refused = 0;
            return true;
        }
        refused++;
        if (refused == 1) {
            error(null, "More than " + verdict.limit() + " messages a minute. Go on in " + verdict.resetSeconds() + " s.");
        } else if (refused == PATIENCE) {
            core.metrics().dropped(protocol, "messages");
            close(CloseCode.POLICY, "Too many messages");
        }
        return false;
    }

    /** Ends the connection with a WebSocket close code, which socket.io shows as a disconnect. */
    public void close(int code, String reason) {
        if (!ended.get()) {
            outbox.close();
            transport.close(code, reason);
        }
    }

    public boolean isOpen() {
        return !ended.get();
    }

    /** The connection is gone. */
    void ended() {
        if (ended.compareAndSet(false, true)) {
            outbox.close();
            topics.forEach(topic -> core.topics().remove(topic, this));
            core.sessions().remove(this);
            core.metrics().closed(protocol);
            client.closed(this);
        }
    }
}
