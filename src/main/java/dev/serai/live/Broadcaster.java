package dev.serai.live;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands published messages to the sessions of their topics. A message after a silence goes out at once; messages that come close together
 * gather for a few milliseconds, so that each client gets several in one write: a write costs many times what it carries.
 */
final class Broadcaster {

    private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);
    private static final int QUEUE = 10_000;
    /** Messages that are worth a write, and far fewer than a client's buffer holds. */
    private static final int ENOUGH = 100;

    private final Topics topics;
    private final Rhythm rhythm;
    private final BlockingQueue<Published> queue = new LinkedBlockingQueue<>(QUEUE);
    private final List<LiveSession> marked = new ArrayList<>();
    private volatile boolean running;
    private Thread thread;

    private record Published(String topic, List<LiveMessage> messages, long at) {}

    Broadcaster(Topics topics, Duration gather) {
        this.topics = topics;
        this.rhythm = new Rhythm(gather);
    }

    /** Waits only where thousands of publications are before this one. */
    void publish(String topic, List<LiveMessage> messages) {
        try {
            queue.put(new Published(topic, messages, System.nanoTime()));
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
                gather(turn);
                turn.forEach(this::distribute);
                write();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                LOG.error("Live messages could not be handed out", e);
            }
            turn.clear();
        }
    }

    private void gather(List<Published> turn) throws InterruptedException {
        Published next = queue.take();
        long oldest = next.at();
        int messages = 0;
        while (next != null) {
            turn.add(next);
            rhythm.heard(next.at());
            messages += next.messages().size();
            next = messages < ENOUGH ? queue.poll(rhythm.wait(oldest, System.nanoTime()), TimeUnit.NANOSECONDS) : null;
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
