package dev.serai.watch;

import dev.serai.change.Outcome;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport.Tally;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Lazy;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The pipeline in numbers. All of one scrape come from one look at the database, and those of any two within two seconds. A scrape waits two
 * seconds at most; numbers that cannot be read are NaN.
 */
@Component
public class HubMetrics implements MeterBinder {

    private static final Duration FRESH = Duration.ofSeconds(2);
    /** Counting may take longer than a scrape waits; what it came to the last time is told for so long, while the database answers. */
    private static final Duration KEPT = Duration.ofMinutes(1);

    private static final String COUNTS = """
            SELECT 'run.' || status, count(*) FROM run WHERE kind = 'sync' GROUP BY 1
            UNION ALL SELECT 'failed', count(*) FROM dead_letter WHERE state IN ('RETRY', 'DEAD')
            UNION ALL SELECT 'retry', count(*) FROM dead_letter WHERE state = 'RETRY'
            UNION ALL SELECT 'held', count(*) FROM hold
            UNION ALL SELECT 'waiting', count(*) FROM pending
            UNION ALL SELECT 'deliveries', count(*) FROM delivery WHERE state = 'WAITING'
            UNION ALL SELECT 'oldest', coalesce(extract(epoch FROM min(accepted_at)), 0)::bigint FROM pending WHERE bucket >= 0""";

    private final JdbcTemplate jdbc;
    private final Ledger ledger;
    private final DatabaseProbe database;
    private final PrometheusMeterRegistry registry;
    private final Clock clock;
    private final Question<Reading> counting = new Question<>("hub-metrics", this::count);
    private volatile Reading counted = Reading.NONE;
    private Look last;

    HubMetrics(JdbcTemplate jdbc, Ledger ledger, DatabaseProbe database, @Lazy PrometheusMeterRegistry registry, Clock clock) {
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.database = database;
        this.registry = registry;
        this.clock = clock;
    }

    /** What was counted, and when. */
    private record Reading(Instant at, Map<String, Long> counts, Tally ledger) {

        private static final Reading NONE = new Reading(Instant.EPOCH, Map.of(), Tally.NOTHING);

        double count(String name) {
            return counts.getOrDefault(name, 0L);
        }
    }

    /** Whether the database answered, and the numbers; none where they are not known. */
    private record Look(Instant at, boolean up, Optional<Reading> reading) {}

    /** The hub's own metrics in Prometheus' text format; those of the libraries too are at {@code /actuator/prometheus}. */
    public String scrape() {
        Set<String> own = registry.getPrometheusRegistry().scrape(name -> name.startsWith("serai_")).stream()
                .map(snapshot -> snapshot.getMetadata().getPrometheusName())
                .collect(Collectors.toSet());
        return registry.scrape("text/plain", own);
    }

    /** Age of the oldest change that waits to be applied, in seconds; NaN where it is not known. */
    public double lagSeconds() {
        return read(HubMetrics::lag);
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("serai.database.up", () -> look().up() ? 1 : 0)
                .description("1 where the database answers within two seconds").register(registry);
        for (String status : new String[] {"pending", "running", "completed", "failed", "cancelled"}) {
            gauge(registry, "serai.batches", "Sync batches by status", Tags.of("status", status), r -> r.count("run." + status));
        }
        for (Outcome outcome : Outcome.values()) {
            gauge(registry, "serai.changes", "Changes by outcome", Tags.of("outcome", outcome.name()), r -> r.ledger.of(outcome));
        }
        FunctionCounter.builder("serai.changes.accepted", this, metrics -> metrics.read(r -> r.ledger.accepted()))
                .description("Changes accepted in all").register(registry);
        gauge(registry, "serai.ledger.balanced", "1 where accepted equals the sum over all outcomes", r -> r.ledger.balanced() ? 1 : 0);
        gauge(registry, "serai.failed.records", "Records that failed and are not resolved", r -> r.count("failed"));
        gauge(registry, "serai.failed.records.retryable", "Failed records that are tried again by themselves", r -> r.count("retry"));
        gauge(registry, "serai.pending.children", "Children that wait for their parent", r -> r.count("held"));
        gauge(registry, "serai.changes.waiting", "Journalled changes that wait to be applied", r -> r.count("waiting"));
        gauge(registry, "serai.deliveries.waiting", "Deliveries on their way", r -> r.count("deliveries"));
        gauge(registry, "serai.lag.seconds", "Age of the oldest change that waits to be applied; those of paused stores do not count", HubMetrics::lag);
    }

    private static double lag(Reading reading) {
        double oldest = reading.count("oldest");
        return oldest == 0 ? 0 : Math.max(0, reading.at.getEpochSecond() - oldest);
    }

    private void gauge(MeterRegistry registry, String name, String help, ToDoubleFunction<Reading> value) {
        gauge(registry, name, help, Tags.empty(), value);
    }

    private void gauge(MeterRegistry registry, String name, String help, Tags tags, ToDoubleFunction<Reading> value) {
        Gauge.builder(name, () -> read(value)).description(help).tags(tags).register(registry);
    }

    private double read(ToDoubleFunction<Reading> value) {
        return look().reading().map(value::applyAsDouble).orElse(Double.NaN);
    }

    private synchronized Look look() {
        if (last == null || Duration.between(last.at, clock.instant()).compareTo(FRESH) > 0) {
            long start = System.nanoTime();
            CompletableFuture<Reading> reading = counting.ask();
            boolean up = database.answers();
            if (up) {
                Question.await(reading, DatabaseProbe.PATIENCE.minusNanos(System.nanoTime() - start));
            }
            Instant now = clock.instant();
            boolean known = up && Duration.between(counted.at, now).compareTo(KEPT) <= 0;
            last = new Look(now, up, known ? Optional.of(counted) : Optional.empty());
        }
        return last;
    }

    private Reading count() {
        Map<String, Long> counts = new HashMap<>();
        jdbc.query(COUNTS, rs -> {
            counts.put(rs.getString(1), rs.getLong(2));
        });
        counted = new Reading(clock.instant(), counts, ledger.total());
        return counted;
    }
}
