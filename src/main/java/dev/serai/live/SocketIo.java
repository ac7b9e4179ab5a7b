package dev.serai.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.web.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** socket.io, protocol 5, over one Engine.IO session. There is the default namespace; text only, no binary attachments. */
final class SocketIo implements EngineSession.Speaker {

    private static final Logger LOG = LoggerFactory.getLogger(SocketIo.class);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final LiveCore core;
    private final List<SocketIoFace> faces;
    private final Handshake handshake;
    private final ObjectReader json;
    private final EngineSession engine;
    private volatile LiveSession session;
    private Connections.Place place;

    SocketIo(LiveCore core, List<SocketIoFace> faces, Handshake handshake, ObjectReader json, EngineSession engine) {
        this.core = core;
        this.faces = faces;
        this.handshake = handshake;
        this.json = json;
        this.engine = engine;
    }

    boolean isConnected() {
        return session != null;
    }

    @Override
    public synchronized boolean heard(String message) {
        try {
            SocketIoPacket packet = SocketIoPacket.read(message, json);
            if (!packet.isDefaultNamespace()) {
                return packet.type() == SocketIoPacket.CONNECT && refuseNamespace(packet);
            }
            return switch (packet.type()) {
                case SocketIoPacket.CONNECT -> session == null && connect(packet.data());
                case SocketIoPacket.DISCONNECT -> disconnect();
                case SocketIoPacket.EVENT -> session != null && event(packet);
                // The hub asks for no acknowledgements.
                case SocketIoPacket.ACK -> session != null;
                default -> false;
            };
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean refuseNamespace(SocketIoPacket packet) {
        say("44" + packet.namespace() + ",{\"message\":\"Invalid namespace\"}");
        return true;
    }

    private boolean connect(JsonNode auth) {
        if (!auth.isObject() && !auth.isMissingNode()) {
            return false;
        }
        try {
            LiveClient client = clientFor(handshake.with(auth));
            place = core.connections().ofClient(client.countedAs());
            LiveSession opened = new LiveSession(Protocol.SOCKET_IO, Encoding.SOCKET_IO, client, engine, core);
            say("40{\"sid\":\"" + opened.id() + "\"}");
            session = opened;
            opened.opened();
        } catch (ApiException e) {
            refuse(e.status(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A socket.io client could not be let in", e);
            refuse(503, "The hub cannot do this now. Try again in a moment.");
        }
        return true;
    }

    private LiveClient clientFor(Handshake asked) {
        for (SocketIoFace face : faces) {
            Optional<LiveClient> client = face.acceptSocketIo(asked);
            if (client.isPresent()) {
                return client.get();
            }
        }
        throw ApiException.of(401, "These credentials are unknown, expired or revoked.");
    }

    private void refuse(int status, String message) {
        ObjectNode error = NODES.objectNode().put("message", message);
        error.putObject("data").put("status", status);
        say("44" + error);
    }

    private boolean disconnect() {
        engine.end();
        return true;
    }

    private boolean event(SocketIoPacket packet) {
        JsonNode data = packet.data();
        if (!data.path(0).isTextual()) {
            return false;
        }
        String event = data.get(0).textValue();
        // A callback stands as an acknowledgement's number, never among the arguments.
        session.received(event, data.size() > 1 ? data.get(1) : MissingNode.getInstance(), new EventReply(event, packet.ack()));
        return true;
    }

    private void say(String packet) {
        engine.write(List.of(packet.getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
    }

    @Override
    public void ended() {
        if (place != null) {
            place.close();
        }
        if (session != null) {
            session.ended();
        }
    }

    private final class EventReply implements Reply {

        private final String about;
        private final String ack;

        EventReply(String about, String ack) {
            this.about = about;
            this.ack = ack;
        }

        @Override
        public void with(String event, JsonNode data) {
            if (ack == null) {
                session.send(event, data);
            } else {
                session.sendRaw("43" + ack + "[" + data + "]");
            }
        }

        @Override
        public void error(String message) {
            session.error(about, message);
            if (ack != null) {
                session.sendRaw("43" + ack + "[" + NODES.objectNode().put("error", message) + "]");
            }
        }
    }
}
