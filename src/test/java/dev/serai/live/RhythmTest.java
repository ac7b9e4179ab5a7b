package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RhythmTest {

    private static final long MILLI = 1_000_000;

    private final Rhythm rhythm = new Rhythm(Duration.ofMillis(11));
    private long now = System.nanoTime();

    @Test
    void whatComesAfterASilenceGoesOutAtOnce() {
        now += 5_000 * MILLI;
        rhythm.heard(now);

        assertThat(rhythm.wait(now, now)).isZero();
    }

    @Test
    void whatComesOftenWaitsAsLongAsAnotherIsExpectedInTimeForTheOldest() {
        every(4);
        long oldest = now;

        assertThat(rhythm.wait(oldest, now)).isEqualTo(11 * MILLI);
        every(4, 1);
        assertThat(rhythm.wait(oldest, now)).isEqualTo(7 * MILLI);
        every(4, 1);
        assertThat(rhythm.wait(oldest, now)).isZero();
    }

    @Test
    void nobodyWaitsLongerThanTheBound() {
        every(10);

        assertThat(rhythm.wait(now, now + 11 * MILLI)).isZero();
        assertThat(rhythm.wait(now, now + 20 * MILLI)).isZero();
    }

    @Test
    void groupsFarApartDoNotWait() {
        every(50);

        assertThat(rhythm.wait(now, now)).isZero();
    }

    private void every(int millis) {
        every(millis, 20);
    }

    private void every(int millis, int times) {
        for (int n = 0; n < times; n++) {
            now += millis * MILLI;
            rhythm.heard(now);
        }
    }
}
