package dev.serai.watch;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Looks whether the database answers, which one that hangs does not. */
@Component
class DatabaseProbe {

    /** A database that takes longer to answer nothing counts as away. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Question<Double> latency;

    DatabaseProbe(JdbcTemplate jdbc) {
        this.latency = new Question<>("database-probe", () -> {
            long start = System.nanoTime();
            jdbc.queryForObject("SELECT 1", Integer.class);
            return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - start) / 1000.0;
        });
    }

    /** How long the database took to answer, in milliseconds; empty where it does not within two seconds. */
    Optional<Double> latency() {
        return Question.await(latency.ask(), PATIENCE);
    }

    boolean answers() {
        return latency().isPresent();
    }
}
