package dev.serai.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands published messages to the sessions of their topics. The first message after a silence goes out at once; while the hub is
 * busy, messages gather for a few milliseconds, so that each client gets several in one write.
 */
final class Broadcaster {

    private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);
    private static final int QUEUE = 10_000;

    private final Topics topics;
    private final long gather;
    private final BlockingQueue<Published> queue = new LinkedBlockingQueue<>(QUEUE);
    private final List<LiveSession> marked = new ArrayList<>();
    private volatile boolean running;
    private Thread thread;

    private record Published(String topic, List<LiveMessage> messages) {}

    Broadcaster(Topics topics, Duration gather) {
        this.topics = topics;
        this.gather = gather.toNanos();
    }

    /** Waits only where thousands of publications are before this one. */
    void publish(String topic, List<LiveMessage> messages) {
        try {
            queue.put(new Published(topic, messages));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted before a live message was published", e);
        }
    }

    void start() {
        running = true;
        thread = Heartbeat.daemon(this::work, "live-broadcast");
        thread.start();
    }

    void stop() {
        running = false;
        thread.interrupt();
    }

    private void work() {
        List<Published> turn = new ArrayList<>();
        while (running) {
            try {
                turn.add(queue.take());
                queue.drainTo(turn);
                long begun = System.nanoTime();
                turn.forEach(this::distribute);
                turn.clear();
                write();
                long rest = gather - (System.nanoTime() - begun);
                if (rest > 0) {
                    LockSupport.parkNanos(rest);
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("Live messages could not be handed out", e);
                turn.clear();
            }
        }
    }

    private void distribute(Published published) {
        for (LiveSession session : topics.of(published.topic())) {
            for (LiveMessage message : published.messages()) {
                session.offer(message);
            }
            if (!session.marked) {
                session.marked = true;
                marked.add(session);
            }
        }
    }

    private void write() {
        for (LiveSession session : marked) {
            session.marked = false;
            session.flush();
        }
        marked.clear();
    }
}
