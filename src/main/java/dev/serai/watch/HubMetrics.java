package dev.serai.watch;

import dev.serai.change.Outcome;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport.Tally;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Lazy;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The pipeline in numbers. All gauges of one scrape come from one reading of the database, and of any two within two seconds. */
@Component
public class HubMetrics implements MeterBinder {

    private static final Duration FRESH = Duration.ofSeconds(2);

    private static final String COUNTS = """
            SELECT 'run.' || status, count(*) FROM run WHERE kind = 'sync' GROUP BY 1
            UNION ALL SELECT 'failed', count(*) FROM dead_letter WHERE state IN ('RETRY', 'DEAD')
            UNION ALL SELECT 'retry', count(*) FROM dead_letter WHERE state = 'RETRY'
            UNION ALL SELECT 'held', count(*) FROM hold
            UNION ALL SELECT 'waiting', count(*) FROM pending
            UNION ALL SELECT 'deliveries', count(*) FROM delivery WHERE state = 'WAITING'
            UNION ALL SELECT 'oldest', coalesce(extract(epoch FROM min(accepted_at)), 0)::bigint FROM pending""";

    private final JdbcTemplate jdbc;
    private final Ledger ledger;
    private final PrometheusMeterRegistry registry;
    private final Clock clock;
    private Reading last;

    HubMetrics(JdbcTemplate jdbc, Ledger ledger, @Lazy PrometheusMeterRegistry registry, Clock clock) {
        this.jdbc = jdbc;
        this.ledger = ledger;
        this.registry = registry;
        this.clock = clock;
    }

    private record Reading(Instant at, Map<String, Long> counts, Tally ledger) {

        double count(String name) {
            return counts.getOrDefault(name, 0L);
        }
    }

    /** The hub's own metrics in Prometheus' text format; those of the libraries too are at {@code /actuator/prometheus}. */
    public String scrape() {
        Set<String> own = registry.getPrometheusRegistry().scrape(name -> name.startsWith("serai_")).stream()
                .map(snapshot -> snapshot.getMetadata().getPrometheusName())
                .collect(Collectors.toSet());
        return registry.scrape("text/plain", own);
    }

    /** Age of the oldest change that waits to be applied, in seconds. */
    public double lagSeconds() {
        return lag(read());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String status : new String[] {"pending", "running", "completed", "failed", "cancelled"}) {
            gauge(registry, "serai.batches", "Sync batches by status", "status", status, r -> r.count("run." + status));
        }
        for (Outcome outcome : Outcome.values()) {
            gauge(registry, "serai.changes", "Changes by outcome", "outcome", outcome.name(), r -> r.ledger.of(outcome));
        }
        gauge(registry, "serai.changes.accepted", "Changes accepted in all", r -> r.ledger.accepted());
        gauge(registry, "serai.ledger.balanced", "1 where accepted equals the sum over all outcomes", r -> r.ledger.balanced() ? 1 : 0);
        gauge(registry, "serai.failed.records", "Records that failed and are not resolved", r -> r.count("failed"));
        gauge(registry, "serai.failed.records.retryable", "Failed records that are tried again by themselves", r -> r.count("retry"));
        gauge(registry, "serai.pending.children", "Children that wait for their parent", r -> r.count("held"));
        gauge(registry, "serai.changes.waiting", "Journalled changes that wait to be applied", r -> r.count("waiting"));
        gauge(registry, "serai.deliveries.waiting", "Deliveries on their way", r -> r.count("deliveries"));
        gauge(registry, "serai.lag.seconds", "Age of the oldest change that waits to be applied", this::lag);
    }

    private double lag(Reading reading) {
        double oldest = reading.count("oldest");
        return oldest == 0 ? 0 : Math.max(0, reading.at.getEpochSecond() - oldest);
    }

    private void gauge(MeterRegistry registry, String name, String help, ToDoubleFunction<Reading> value) {
        Gauge.builder(name, () -> value.applyAsDouble(read())).description(help).register(registry);
    }

    private void gauge(MeterRegistry registry, String name, String help, String tag, String tagValue, ToDoubleFunction<Reading> value) {
        Gauge.builder(name, () -> value.applyAsDouble(read())).description(help).tag(tag, tagValue).register(registry);
    }

    private synchronized Reading read() {
        Instant now = clock.instant();
        if (last == null || Duration.between(last.at, now).compareTo(FRESH) > 0) {
            Map<String, Long> counts = new HashMap<>();
            try {
                jdbc.query(COUNTS, rs -> {
                    counts.put(rs.getString(1), rs.getLong(2));
                });
                last = new Reading(now, counts, ledger.total());
            } catch (DataAccessException e) {
                // While the database is away the last numbers stand; detailed health tells that it is.
                last = last == null ? new Reading(now, Map.of(), Tally.NOTHING) : new Reading(now, last.counts, last.ledger);
            }
        }
        return last;
    }
}
