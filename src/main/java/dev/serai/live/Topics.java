package dev.serai.live;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who is subscribed to what. */
final class Topics {

    private final Map<String, Set<LiveSession>> sessions = new ConcurrentHashMap<>();

    void add(String topic, LiveSession session) {
        sessions.compute(topic, (name, there) -> {
            Set<LiveSession> set = there == null ? ConcurrentHashMap.newKeySet() : there;
            set.add(session);
            return set;
        });
    }

    void remove(String topic, LiveSession session) {
        sessions.computeIfPresent(topic, (name, there) -> {
            there.remove(session);
            return there.isEmpty() ? null : there;
        });
    }

    Set<LiveSession> of(String topic) {
        return sessions.getOrDefault(topic, Set.of());
    }
}
