package dev.serai.watch;

import dev.serai.contract.ApiRequest;
import dev.serai.database.FullDisk;
import dev.serai.redis.SharedRedis;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Health as the PMS document shows it: what the hub needs is looked at, and one thing that fails makes it degraded. */
@Component("checkup")
public class Checkup {

    /** What is left after a collection and still fills more than this of the heap is short of an end. */
    private static final double FULL = 0.95;

    private final DatabaseProbe database;
    private final FullDisk disk;
    private final MeterRegistry metrics;
    private final SharedRedis redis;
    private final Clock clock;

    Checkup(DatabaseProbe database, FullDisk disk, MeterRegistry metrics, ObjectProvider<SharedRedis> redis, Clock clock) {
        this.database = database;
        this.disk = disk;
        this.metrics = metrics;
        this.redis = redis.getIfAvailable();
        this.clock = clock;
    }

    public Object health(ApiRequest request) {
        Map<String, Object> checks = new LinkedHashMap<>();
        Map<String, Object> database = database();
        Map<String, Object> memory = memory();
        checks.put("database", database);
        checks.put("memory", memory);
        checks.put("websocket", Map.of("healthy", true, "connections", connections()));
        boolean healthy = isHealthy(database) && isHealthy(memory);
        if (redis != null) {
            boolean answers = redis.answers();
            checks.put("redis", Map.of("healthy", answers));
            healthy = healthy && answers;
        }
        checks.put("uptime", ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("status", healthy ? "ok" : "degraded");
        answer.put("timestamp", clock.instant());
        answer.put("checks", checks);
        return answer;
    }

    private static boolean isHealthy(Map<String, Object> check) {
        return Boolean.TRUE.equals(check.get("healthy"));
    }

    private Map<String, Object> database() {
        Map<String, Object> check = new LinkedHashMap<>();
        Optional<Double> latency = database.latency();
        check.put("healthy", latency.isPresent() && !disk.wasMetLately());
        latency.ifPresent(millis -> check.put("latency", millis));
        return check;
    }

    private static Map<String, Object> memory() {
        MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        Map<String, Object> usage = new LinkedHashMap<>();
        usage.put("heapUsed", heap.getUsed());
        usage.put("heapTotal", heap.getCommitted());
        usage.put("heapMax", heap.getMax());
        return Map.of("healthy", leftAfterCollection() < FULL * heap.getMax(), "usage", usage);
    }

    private static long leftAfterCollection() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getCollectionUsage)
                .mapToLong(usage -> usage == null ? 0 : usage.getUsed())
                .sum();
    }

    /** Of all kinds, on this hub. */
    private long connections() {
        return (long) metrics.find("serai.live.connections").gauges().stream().mapToDouble(Gauge::value).sum();
    }
}
