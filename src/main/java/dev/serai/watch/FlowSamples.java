package dev.serai.watch;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What flowed in the last day. The route {@code upkeep-sample-flow} takes the samples, the console draws them. */
@Component("flowSamples")
public class FlowSamples {

    static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final Duration KEPT = Duration.ofHours(25);

    /** Hubs take their samples at the same moments; the first one writes. */
    private static final String TAKE = """
            WITH gone AS (DELETE FROM flow_sample WHERE at < ?)
            INSERT INTO flow_sample (at, accepted, applied, waiting)
            SELECT ?, coalesce(sum(n) FILTER (WHERE outcome = '*'), 0), coalesce(sum(n) FILTER (WHERE outcome = 'APPLIED'), 0),
                   (SELECT count(*) FROM pending)
            FROM ledger ON CONFLICT (at) DO NOTHING""";

    /** The last sample of each step, and the one before the first step. */
    private static final String READ = """
            SELECT DISTINCT ON (step) at, accepted, applied, waiting
            FROM (SELECT date_bin(?::interval, at, timestamptz 'epoch') AS step, * FROM flow_sample WHERE at >= ?) s
            ORDER BY step, at DESC""";

    private final JdbcTemplate jdbc;
    private final Clock clock;

    FlowSamples(JdbcTemplate jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** What flowed in one step of time: changes a second, and how many waited at its end. */
    public record Flow(Instant at, double accepted, double applied, long waiting) {}

    private record Sample(Instant at, long accepted, long applied, long waiting) {}

    public void take() {
        Instant now = clock.instant();
        long step = INTERVAL.toSeconds();
        Instant moment = Instant.ofEpochSecond(now.getEpochSecond() / step * step);
        jdbc.update(TAKE, ps -> Bind.to(ps).at(now.minus(KEPT)).at(moment));
    }

    /** The steps of the window, oldest first; a step without a sample, while no hub ran, is missing. */
    public List<Flow> flows(Duration window, Duration step) {
        String interval = step.toSeconds() + " seconds";
        List<Sample> samples = jdbc.query(
                READ,
                ps -> Bind.to(ps).text(interval).at(clock.instant().minus(window).minus(step)),
                (rs, row) -> new Sample(Columns.instant(rs, 1), rs.getLong(2), rs.getLong(3), rs.getLong(4)));
        List<Flow> flows = new ArrayList<>();
        for (int i = 1; i < samples.size(); i++) {
            flows.add(between(samples.get(i - 1), samples.get(i)));
        }
        return flows;
    }

    private static Flow between(Sample before, Sample after) {
        double seconds = Duration.between(before.at, after.at).toMillis() / 1_000.0;
        return new Flow(
                after.at,
                (after.accepted - before.accepted) / seconds,
                // A change that is taken back, by an undo, would make a rate below nothing.
                Math.max(0, after.applied - before.applied) / seconds,
                after.waiting);
    }
}
