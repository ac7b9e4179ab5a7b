package dev.serai.live;

import dev.serai.web.ApiException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** Counts connections against their limits. */
final class Connections {

    private static final long TRY_AGAIN_SECONDS = 5;

    private final LiveSettings settings;
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    Connections(LiveSettings settings) {
        this.settings = settings;
    }

    /** A place that is held until it is given back, which may be done repeatedly. */
    interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /** @throws ApiException 429 where this address, or the hub, has as many connections as it may */
    Place ofAddress(String address) {
        Place hub = take("hub", settings.maxConnections(), "The hub has as many connections as it may.");
        try {
            Place one = take("address:" + address, settings.connectionsPerAddress(), "This address has as many connections as it may.");
            return () -> {
                hub.close();
                one.close();
            };
        } catch (ApiException e) {
            hub.close();
            throw e;
        }
    }

    /** @throws ApiException 429 where this client has as many connections as it may */
    Place ofClient(String client) {
        int most = settings.connectionsPerClient();
        return take("client:" + client, most, "A client may have " + most + " connections at once.");
    }

    private Place take(String what, int most, String refusal) {
        AtomicBoolean taken = new AtomicBoolean();
        counts.compute(what, (key, now) -> {
            int held = now == null ? 0 : now;
            taken.set(held < most);
            return held < most ? Integer.valueOf(held + 1) : now;
        });
        if (!taken.get()) {
            throw new ApiException(429, "RATE_LIMIT_EXCEEDED", refusal, null, Map.of("Retry-After", Long.toString(TRY_AGAIN_SECONDS)));
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                counts.computeIfPresent(what, (key, now) -> now > 1 ? now - 1 : null);
            }
        };
    }
}
