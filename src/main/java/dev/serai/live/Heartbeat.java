package dev.serai.live;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks silent clients whether they are there, and lets go of those that do not answer. */
final class Heartbeat {

    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private final Duration interval;
    private ScheduledExecutorService thread;

    Heartbeat(Duration interval) {
        this.interval = interval;
    }

    /** One connection. */
    interface Peer {

        /** Looks whether it is time to ask, or to give up. Never waits. */
        void beat(long nanoTime);

        /** The hub stops. */
        void goAway();
    }

    void add(Peer peer) {
        peers.add(peer);
    }

    void remove(Peer peer) {
        peers.remove(peer);
    }

    synchronized void start() {
        thread = Executors.newSingleThreadScheduledExecutor(task -> daemon(task, "live-heartbeat"));
        long period = Math.max(10, Math.min(1000, interval.toMillis() / 4));
        thread.scheduleWithFixedDelay(this::beat, period, period, TimeUnit.MILLISECONDS);
    }

    /** Runs a task once, later. */
    synchronized void later(Duration delay, Runnable task) {
        if (thread != null && !thread.isShutdown()) {
            thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    synchronized void stop() {
        peers.forEach(Peer::goAway);
        if (thread != null) {
            thread.shutdownNow();
        }
    }

    private void beat() {
        long now = System.nanoTime();
        for (Peer peer : peers) {
            try {
                peer.beat(now);
            } catch (RuntimeException e) {
                LOG.warn("A live client could not be asked whether it is there", e);
            }
        }
    }

    static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
