package dev.serai;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Starts the hub. */
@SpringBootApplication(proxyBeanMethods = false)
@ConfigurationPropertiesScan
public class Serai {

    public static void main(String[] args) {
        SpringApplication.run(Serai.class, args);
    }

    /** The only clock: whoever wants to know the time asks it, so that a test can set it. As fine as PostgreSQL's times. */
    @Bean
    Clock clock() {
        return new HubClock(Clock.systemUTC());
    }

    /** {@code Clock.tick} would do, but fails in {@code millis()} where a tick is shorter than a millisecond. */
    private static final class HubClock extends Clock {

        private final Clock system;

        private HubClock(Clock system) {
            this.system = system;
        }

        @Override
        public Instant instant() {
            return system.instant().truncatedTo(ChronoUnit.MICROS);
        }

        @Override
        public ZoneId getZone() {
            return system.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return new HubClock(system.withZone(zone));
        }
    }
}
