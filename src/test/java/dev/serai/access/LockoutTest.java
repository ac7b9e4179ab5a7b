package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.testing.SettableClock;
import dev.serai.testing.TestDatabase;
import dev.serai.web.ApiException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class LockoutTest {

    private final SettableClock clock = new SettableClock();
    private TestDatabase database;
    private Lockout lockout;

    @BeforeEach
    void open() {
        database = TestDatabase.create();
        lockout = new Lockout(new JdbcTemplate(database.dataSource()), clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void theWaitDoublesWithEachFailureUpToAQuarterOfAnHour() {
        List<Integer> waits = new ArrayList<>();
        for (int failure = 1; failure <= 17; failure++) {
            lockout.attempt("ada", "10.0.0." + failure);
            int wait = secondsToWait("ada", "10.0.1.1");
            waits.add(wait);
            clock.advance(Duration.ofSeconds(wait));
        }

        assertThat(waits).containsExactly(0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900);
    }

    @Test
    void oneWhoseTurnIsNotYetLengthensNothingAndOthersAreFree() {
        fail(6);
        assertThat(secondsToWait("ada", "10.0.1.1")).isEqualTo(2);
        assertThat(secondsToWait("ada", "10.0.1.1")).isEqualTo(2);
        assertThat(secondsToWait("bob", "10.0.1.2")).isZero();
    }

    @Test
    void aLoginThatSucceedsAndADayWithoutFailuresForgetThem() {
        fail(6);
        clock.advance(Duration.ofSeconds(2));
        lockout.attempt("ada", "10.0.1.1");
        lockout.succeeded("ada", "10.0.1.1");
        fail(4);
        assertThat(secondsToWait("ada", "10.0.1.3")).isZero();

        clock.advance(Duration.ofHours(25));

        fail(4);
        assertThat(secondsToWait("ada", "10.0.1.3")).isZero();
    }

    @Test
    void whoIsRefusedUnlookedAtHasNotFailed() {
        for (int user = 1; user <= 21; user++) {
            tryOut("user" + user, "10.0.3.1");
        }
        for (int attempt = 1; attempt <= 6; attempt++) {
            assertThat(tryOut("ada", "10.0.3.1")).isFalse();
        }

        assertThat(tryOut("ada", "10.0.3.2")).isTrue();
        fail(3);
        assertThat(secondsToWait("ada", "10.0.1.1")).isZero();
    }

    private boolean tryOut(String username, String address) {
        try {
            lockout.attempt(username, address);
            return true;
        } catch (ApiException e) {
            return false;
        }
    }

    private void fail(int times) {
        for (int n = 1; n <= times; n++) {
            lockout.attempt("ada", "10.0.2." + n);
            clock.advance(n < times ? Duration.ofSeconds(1) : Duration.ZERO);
        }
    }

    /** Without an attempt that would count: 0 where one would be allowed. */
    private int secondsToWait(String username, String address) {
        if (locked(username) == 0) {
            return 0;
        }
        ApiException refused = catchThrowableOfType(ApiException.class, () -> lockout.attempt(username, address));
        assertThat(refused.status()).isEqualTo(429);
        return Integer.parseInt(refused.headers().get("Retry-After"));
    }

    private int locked(String username) {
        return new JdbcTemplate(database.dataSource()).queryForObject(
                "SELECT count(*) FROM login_attempt WHERE subject = ? AND locked_until > ?", Integer.class, "user:" + username,
                java.sql.Timestamp.from(clock.instant()));
    }
}
