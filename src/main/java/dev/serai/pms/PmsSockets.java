package dev.serai.pms;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.access.Caller;
import dev.serai.access.Credentials;
import dev.serai.live.Handshake;
import dev.serai.live.LiveClient;
import dev.serai.live.LiveSession;
import dev.serai.live.Reply;
import dev.serai.live.SocketIoFace;
import dev.serai.web.ApiException;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/** Clients that connect by socket.io with an API key as {@code auth.token}. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class PmsSockets implements SocketIoFace {

    private static final int LONGEST_ID = 512;

    /** What a client subscribes to, by the event that says so. */
    private static final Map<String, String> ROOMS = Map.of("subscribe_inventory", LiveNews.PRODUCTS, "subscribe_order", LiveNews.ORDERS);

    private static final Map<String, String> LEFT = Map.of("unsubscribe_inventory", LiveNews.PRODUCTS, "unsubscribe_order", LiveNews.ORDERS);

    private final Credentials credentials;

    PmsSockets(Credentials credentials) {
        this.credentials = credentials;
    }

    /** A device says which it is, and has a token or none; a key that nobody knows is refused here rather than taken for a guest. */
    @Override
    public Optional<LiveClient> acceptSocketIo(Handshake handshake) {
        String token = handshake.auth().path("token").asText("");
        if (token.isEmpty()) {
            return Optional.empty();
        }
        Optional<Caller> caller = credentials.byApiKey(token);
        if (caller.isEmpty() && !isDevice(handshake) && credentials.byToken(token).isEmpty() && !isSigned(token)) {
            throw ApiException.of(401, "This API key is unknown or revoked.");
        }
        return caller.map(Client::new);
    }

    private static boolean isDevice(Handshake handshake) {
        return handshake.auth().hasNonNull("device_id") || handshake.query("device_id") != null;
    }

    /** A JSON web token, which another face looks at. */
    private static boolean isSigned(String token) {
        return token.chars().filter(c -> c == '.').count() == 2;
    }

    private record Client(Caller caller) implements LiveClient {

        @Override
        public String countedAs() {
            return caller.id();
        }

        @Override
        public String callerId() {
            return caller.id();
        }

        @Override
        public void opened(LiveSession session) {
            session.subscribe(LiveNews.ALERTS);
        }

        @Override
        public void received(LiveSession session, String event, JsonNode data, Reply reply) {
            String id = data.isObject() ? data.path("productId").asText(data.path("orderId").asText("")) : data.asText("");
            boolean joins = ROOMS.containsKey(event);
            if (!joins && !LEFT.containsKey(event)) {
                reply.error("There is no event " + event + ". Send subscribe_inventory or subscribe_order.");
            } else if (id.isBlank() || id.length() > LONGEST_ID || !data.isTextual() && !data.isObject()) {
                reply.error(event + " takes an id of 1 to " + LONGEST_ID + " characters.");
            } else if (joins) {
                session.subscribe(ROOMS.get(event) + id);
                reply.with("subscribed", JsonNodeFactory.instance.objectNode().put("event", event).put("id", id));
            } else {
                session.unsubscribe(LEFT.get(event) + id);
                reply.with("unsubscribed", JsonNodeFactory.instance.objectNode().put("event", event).put("id", id));
            }
        }
    }
}
