package dev.serai.live;

import java.util.List;
import org.springframework.context.SmartLifecycle;

/**
 * Publishes to connected clients, whatever they speak. Topics are {@code devices}, {@code stores/{id}}, {@code products/{id}},
 * {@code orders/{id}}, {@code alerts}; a topic is there as long as somebody is subscribed to it.
 */
public final class Live implements SmartLifecycle {

    private final LiveCore core;
    private final Broadcaster broadcaster;
    private volatile boolean running;

    Live(LiveCore core) {
        this.core = core;
        this.broadcaster = new Broadcaster(core.topics(), core.settings().gather());
    }

    /** To all of a topic's sessions on this hub. Returns before they have it. */
    public void publish(String topic, LiveMessage message) {
        publish(topic, List.of(message));
    }

    /** Several messages in their order, which go out in one write. */
    public void publish(String topic, List<LiveMessage> messages) {
        if (running) {
            broadcaster.publish(topic, List.copyOf(messages));
        }
    }

    /** Clients of all kinds that are connected to this hub. */
    public int connections() {
        return core.metrics().connections();
    }

    /** Sessions of one topic on this hub. */
    public int subscribers(String topic) {
        return core.topics().of(topic).size();
    }

    @Override
    public void start() {
        core.heartbeat().start();
        broadcaster.start();
        running = true;
    }

    /** Before the web server, which would wait for polls that are held open. */
    @Override
    public void stop() {
        running = false;
        core.heartbeat().stop();
        broadcaster.stop();
        core.workers().shutdown();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
