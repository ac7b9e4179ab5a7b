package dev.serai;

import java.time.Clock;
import java.time.Duration;
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
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
    }
}
