package dev.serai.live;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.jetty.util.Callback;
import org.springframework.util.unit.DataSize;

/** A live layer without a network: its clients take what they are given when the test says so. */
final class Fixture implements AutoCloseable {

    static final int BUFFER = 10_000;

    final LiveCore core;
    final Live live;

    Fixture() {
        LiveSettings settings = new LiveSettings(
                DataSize.ofKilobytes(64), DataSize.ofBytes(BUFFER), 100, 1000, 50, 1000, 10_000, Duration.ofSeconds(25), Duration.ofSeconds(20),
                Duration.ofMillis(1), Duration.ofSeconds(1), List.of());
        // Nothing is received here, so nothing is counted against a limit.
        core = new LiveCore(settings, new Topics(), new LiveMetrics(new SimpleMeterRegistry()), null, new Connections(settings),
                new Heartbeat(settings.pingInterval()));
        live = new Live(core);
        live.start();
    }

    Peer peer(String... topics) {
        Peer peer = new Peer(core);
        for (String topic : topics) {
            peer.session.subscribe(topic);
        }
        return peer;
    }

    @Override
    public void close() {
        live.stop();
    }

    /** A client. As long as it is not reading, a write to it stays under way. */
    static final class Peer implements Transport, LiveClient {

        final LiveSession session;
        final List<List<String>> writes = new CopyOnWriteArrayList<>();
        final List<Integer> closed = new CopyOnWriteArrayList<>();
        private final List<Callback> open = new ArrayList<>();
        private boolean reading = true;

        Peer(LiveCore core) {
            session = new LiveSession(Protocol.WEBSOCKET, Encoding.PLAIN, this, this, core);
        }

        synchronized void pause() {
            reading = false;
        }

        void resume() {
            List<Callback> waiting;
            synchronized (this) {
                reading = true;
                waiting = List.copyOf(open);
                open.clear();
            }
            waiting.forEach(Callback::succeeded);
        }

        List<String> frames() {
            return writes.stream().flatMap(List::stream).toList();
        }

        @Override
        public void write(List<byte[]> frames, Callback written) {
            writes.add(frames.stream().map(frame -> new String(frame, StandardCharsets.UTF_8)).toList());
            synchronized (this) {
                if (!reading) {
                    open.add(written);
                    return;
                }
            }
            written.succeeded();
        }

        @Override
        public void close(int code, String reason) {
            closed.add(code);
            session.ended();
        }

        @Override
        public String countedAs() {
            return "peer";
        }

        @Override
        public String callerId() {
            return null;
        }

        @Override
        public void opened(LiveSession session) {
            // The test subscribes it.
        }

        @Override
        public void received(LiveSession session, String event, JsonNode data, Reply reply) {
            // It says nothing.
        }
    }
}
