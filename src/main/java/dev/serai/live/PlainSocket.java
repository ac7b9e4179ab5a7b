package dev.serai.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.serai.web.UnreadableJson;

/** A client on a face's own WebSocket: one JSON object {@code {"event", "data"}} a frame, both ways. */
final class PlainSocket extends TextSocket implements Heartbeat.Peer {

    /** By which a client ends its connection where it does not close the socket itself. */
    private static final String DISCONNECT = "disconnect";
    private static final String FORM = "A frame is a JSON object with \"event\" and \"data\".";

    private final LiveCore core;
    private final ObjectReader json;
    private final Connections.Place place;
    private final Pulse pulse;
    private final LiveSession session;

    PlainSocket(LiveCore core, ObjectReader json, LiveEndpoint endpoint, LiveClient client, Connections.Place place) {
        super(core.settings(), core.heartbeat());
        this.core = core;
        this.json = json;
        this.place = place;
        this.pulse = new Pulse(core.settings().pingInterval(), core.settings().pingTimeout());
        this.session = new LiveSession(Protocol.WEBSOCKET, endpoint.encoding(), client, this, core);
    }

    @Override
    void opened() {
        core.heartbeat().add(this);
        session.opened();
    }

    @Override
    void text(String text) {
        pulse.answered();
        JsonNode frame = parsed(text);
        if (frame == null) {
            return;
        }
        if (!frame.path("event").isTextual()) {
            session.malformed(FORM);
            return;
        }
        String event = frame.get("event").textValue();
        if (event.equals(DISCONNECT)) {
            session.close(CloseCode.NORMAL, "As asked");
            return;
        }
        session.received(event, frame.path("data"), new FrameReply(session, event));
    }

    /** Null where it cannot be read; the client is told why. */
    private JsonNode parsed(String text) {
        try {
            return json.readTree(text);
        } catch (JsonProcessingException e) {
            session.malformed(e instanceof StreamConstraintsException
                    ? "The frame " + UnreadableJson.reason(e, StreamReadConstraints.DEFAULT_MAX_DEPTH) + "." : FORM);
            return null;
        }
    }

    @Override
    void pong() {
        pulse.answered();
    }

    @Override
    public void beat(long nanoTime) {
        switch (pulse.at(nanoTime)) {
            case ASK -> ping();
            case GIVE_UP -> {
                core.metrics().dropped(Protocol.WEBSOCKET, "silent");
                cut();
            }
            default -> {
                // Not yet.
            }
        }
    }

    @Override
    public void goAway() {
        session.close(CloseCode.GOING_AWAY, "The hub stops");
    }

    @Override
    void gone() {
        core.heartbeat().remove(this);
        place.close();
        session.ended();
    }

    private record FrameReply(LiveSession session, String about) implements Reply {

        @Override
        public void with(String event, JsonNode data) {
            session.send(event, data);
        }

        @Override
        public void error(String message) {
            session.error(about, message);
        }
    }
}
