package dev.serai.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.SettableClock;
import dev.serai.testing.TestDatabase;
import dev.serai.watch.FlowSamples.Flow;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class FlowSamplesTest {

    private final TestDatabase database = TestDatabase.create();
    private final JdbcTemplate jdbc = new JdbcTemplate(database.dataSource());
    private final SettableClock clock = new SettableClock();
    private final FlowSamples samples = new FlowSamples(jdbc, clock);

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void ratesAreWhatFlowedBetweenTwoSamples() {
        samples.take();
        count("*", 600);
        count("APPLIED", 300);
        clock.advance(Duration.ofMinutes(1));
        samples.take();

        List<Flow> flows = samples.flows(Duration.ofHours(1), Duration.ofMinutes(1));

        assertThat(flows).singleElement().satisfies(flow -> {
            assertThat(flow.accepted()).isEqualTo(10);
            assertThat(flow.applied()).isEqualTo(5);
        });
    }

    @Test
    void twoHubsTakeOneSampleAMomentAndADayLaterItIsGone() {
        samples.take();
        new FlowSamples(jdbc, clock).take();
        assertThat(jdbc.queryForObject("SELECT count(*) FROM flow_sample", Long.class)).isEqualTo(1);

        clock.advance(Duration.ofHours(26));
        samples.take();
        clock.advance(Duration.ofSeconds(5));
        samples.take();

        assertThat(jdbc.queryForObject("SELECT count(*) FROM flow_sample", Long.class)).isEqualTo(2);
    }

    private void count(String outcome, long n) {
        jdbc.update("INSERT INTO ledger (entity_type, outcome, n) VALUES ('orders', ?, ?)", outcome, n);
    }
}
