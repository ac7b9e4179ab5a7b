package dev.serai.live;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Connections and messages, by protocol. */
final class LiveMetrics {

    private final MeterRegistry registry;
    private final Map<Protocol, AtomicInteger> connections = new EnumMap<>(Protocol.class);
    private final Map<Protocol, Counter> in = new EnumMap<>(Protocol.class);
    private final Map<Protocol, Counter> out = new EnumMap<>(Protocol.class);

    LiveMetrics(MeterRegistry registry) {
        this.registry = registry;
        for (Protocol protocol : Protocol.values()) {
            AtomicInteger count = new AtomicInteger();
            connections.put(protocol, count);
            Gauge.builder("serai.live.connections", count, AtomicInteger::get)
                    .description("Clients that are connected").tag("protocol", protocol.tag).register(registry);
            in.put(protocol, counter("in", "Messages that clients sent", protocol));
            out.put(protocol, counter("out", "Messages that clients were sent", protocol));
        }
    }

    private Counter counter(String direction, String description, Protocol protocol) {
        return Counter.builder("serai.live.messages").description(description)
                .tag("direction", direction).tag("protocol", protocol.tag).register(registry);
    }

    int connections() {
        return connections.values().stream().mapToInt(AtomicInteger::get).sum();
    }

    void opened(Protocol protocol) {
        connections.get(protocol).incrementAndGet();
    }

    void closed(Protocol protocol) {
        connections.get(protocol).decrementAndGet();
    }

    void received(Protocol protocol) {
        in.get(protocol).increment();
    }

    void sent(Protocol protocol, int messages) {
        if (messages > 0) {
            out.get(protocol).increment(messages);
        }
    }

    /** @param reason {@code slow}, {@code messages}, {@code silent} or {@code malformed} */
    void dropped(Protocol protocol, String reason) {
        Counter.builder("serai.live.dropped").description("Clients that the hub closed")
                .tag("protocol", protocol.tag).tag("reason", reason).register(registry).increment();
    }
}
