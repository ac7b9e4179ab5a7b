package dev.serai.storesync;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.access.Caller;
import dev.serai.access.Credentials;
import dev.serai.access.Role;
import dev.serai.live.Encoding;
import dev.serai.live.Handshake;
import dev.serai.live.LiveClient;
import dev.serai.live.LiveEndpoint;
import dev.serai.live.LiveMessage;
import dev.serai.live.LiveSession;
import dev.serai.live.LiveSource;
import dev.serai.live.Reply;
import dev.serai.store.StoreEvents;
import dev.serai.store.Stores;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * A store's live stream: a WebSocket that tells how its syncs, conflicts and alerts go. A client that names the last event it saw gets
 * first what it missed since, as long as that is kept.
 */
@Component
class StoreStream implements LiveEndpoint, LiveSource {

    private static final String BEARER = "Bearer ";
    private static final Set<Role> READERS = EnumSet.of(Role.SUPER_ADMIN, Role.STORE, Role.VIEWER);

    private final Stores stores;
    private final StoreEvents events;
    private final Credentials credentials;

    StoreStream(Stores stores, StoreEvents events, Credentials credentials) {
        this.stores = stores;
        this.events = events;
        this.credentials = credentials;
    }

    @Override
    public String path() {
        return "/v1/stores/{store_id}/sync/events/stream";
    }

    @Override
    public Encoding encoding() {
        return Encoding.PLAIN_WITH_ID;
    }

    @Override
    public LiveClient accept(Handshake handshake) {
        Caller caller = caller(handshake);
        String storeId = handshake.variable("store_id");
        if (!READERS.contains(caller.role())) {
            throw ApiException.of(403, "These credentials may not read stores' streams.");
        }
        if (!caller.seesAll() && !storeId.equals(caller.scope().storeId())) {
            throw ApiException.notFound("There is no store '" + storeId + "' that these credentials can see.");
        }
        stores.get(storeId);
        return new Client(caller.id(), storeId, position(handshake));
    }

    /** A browser's WebSocket can set no header, so that the token may stand in the query. */
    private Caller caller(Handshake handshake) {
        String header = handshake.header("Authorization");
        String token = header == null ? handshake.query("access_token") : null;
        if (header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            token = header.substring(BEARER.length()).strip();
        }
        return credentials.byToken(token).orElseThrow(() -> ApiException.of(401, "Credentials are missing, unknown or expired. Send a token"
                + " as Authorization: Bearer, or as the query parameter access_token."));
    }

    /** Behind which event the client goes on; the newest where it names none. */
    private long position(Handshake handshake) {
        String text = handshake.query("last_event_id") != null ? handshake.query("last_event_id") : handshake.header("Last-Event-ID");
        long newest = events.newest();
        if (text == null || text.isBlank()) {
            return newest;
        }
        if (!text.matches("\\d{1,18}")) {
            throw ApiException.invalid(List.of(Problem.query("last_event_id", "value is no event's id", "value_error")));
        }
        return Math.min(Long.parseLong(text), newest);
    }

    private static String topic(String storeId) {
        return "stores/" + storeId;
    }

    private static LiveMessage message(StoreEvents.Told told) {
        return LiveMessage.of(told.event(), told.data()).at(told.position());
    }

    /** One connected client. */
    private final class Client implements LiveClient {

        private final String callerId;
        private final String storeId;
        private final long position;

        Client(String callerId, String storeId, long position) {
            this.callerId = callerId;
            this.storeId = storeId;
            this.position = position;
        }

        @Override
        public String countedAs() {
            return callerId;
        }

        @Override
        public String callerId() {
            return callerId;
        }

        @Override
        public void opened(LiveSession session) {
            session.follow(topic(storeId), position,
                    (after, limit) -> events.after(storeId, after, limit).stream().map(StoreStream::message).toList());
        }

        @Override
        public void received(LiveSession session, String event, JsonNode data, Reply reply) {
            reply.error("This stream takes no events; it only tells them.");
        }
    }

    @Override
    public String channel() {
        return StoreEvents.CHANNEL;
    }

    @Override
    public long newest() {
        return events.newest();
    }

    @Override
    public List<News> after(long position, int limit) {
        return events.after(position, limit).stream().map(told -> new News(topic(told.storeId()), message(told))).toList();
    }
}
