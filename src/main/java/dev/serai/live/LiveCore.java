package dev.serai.live;

import dev.serai.access.RateLimits;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * What every session needs of the hub.
 *
 * @param sessions that are open
 * @param workers read what clients have missed; no bean, which Spring would take for the hub's executor
 */
record LiveCore(LiveSettings settings, Topics topics, LiveMetrics metrics, RateLimits limits, Connections connections, Heartbeat heartbeat,
        Set<LiveSession> sessions, ExecutorService workers) {

    private static final int WORKERS = 4;

    LiveCore(LiveSettings settings, Topics topics, LiveMetrics metrics, RateLimits limits, Connections connections, Heartbeat heartbeat) {
        this(settings, topics, metrics, limits, connections, heartbeat, ConcurrentHashMap.newKeySet(),
                Executors.newFixedThreadPool(WORKERS, task -> Heartbeat.daemon(task, "live-worker")));
    }
}
