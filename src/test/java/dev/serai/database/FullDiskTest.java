package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.testing.SettableClock;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FullDiskTest {

    private final SettableClock clock = new SettableClock();
    private final FullDisk disk = new FullDisk(clock);

    @Test
    void aFullDiskIsToldForAMinuteAfterItWasLastMet() {
        assertThat(disk.wasMetLately()).isFalse();
        disk.adjudicate(new SQLException("another fault", "57P01"));
        assertThat(disk.wasMetLately()).isFalse();

        disk.adjudicate(new SQLException("could not extend file", "53100"));
        clock.advance(Duration.ofSeconds(60));
        assertThat(disk.wasMetLately()).isTrue();

        clock.advance(Duration.ofSeconds(1));
        assertThat(disk.wasMetLately()).isFalse();
    }
}
