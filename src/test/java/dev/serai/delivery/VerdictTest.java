package dev.serai.delivery;

import static dev.serai.delivery.Verdict.Kind.DELIVERED;
import static dev.serai.delivery.Verdict.Kind.GONE;
import static dev.serai.delivery.Verdict.Kind.REFUSED;
import static dev.serai.delivery.Verdict.Kind.RETRY;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ProtocolException;
import org.junit.jupiter.api.Test;

class VerdictTest {

    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

    @Test
    void statusesAreDeliveredRetriedRefusedOrGone() {
        assertThat(List.of(200, 201, 202, 204, 299)).allMatch(status -> verdict(status, null).kind() == DELIVERED);
        assertThat(List.of(408, 425, 429, 500, 502, 503, 599)).allMatch(status -> verdict(status, null).kind() == RETRY);
        assertThat(List.of(301, 302, 307, 400, 401, 403, 404, 409, 413, 422)).allMatch(status -> verdict(status, null).kind() == REFUSED);
        assertThat(verdict(410, null).kind()).isEqualTo(GONE);
    }

    @Test
    void retryAfterIsReadAsSecondsOrDateAndBounded() {
        assertThat(verdict(429, "30").retryAfter()).isEqualTo(Duration.ofSeconds(30));
        assertThat(verdict(503, "Mon, 05 Jan 2026 10:02:00 GMT").retryAfter()).isEqualTo(Duration.ofMinutes(2));
        assertThat(verdict(503, "Mon, 05 Jan 2026 09:00:00 GMT").retryAfter()).isZero();
        assertThat(verdict(503, "999999").retryAfter()).isEqualTo(Verdict.LONGEST_WAIT);
        assertThat(verdict(503, "soon").retryAfter()).isNull();
    }

    @Test
    void faultsOfTheConnectionAreRetriedAndBadAddressesAreNot() {
        assertThat(Verdict.ofFault(new ConnectException("refused")).kind()).isEqualTo(RETRY);
        assertThat(Verdict.ofFault(new SocketTimeoutException()).kind()).isEqualTo(RETRY);
        assertThat(Verdict.ofFault(new UnknownHostException("x")).kind()).isEqualTo(RETRY);
        assertThat(Verdict.ofFault(new ConnectionClosedException()).kind()).isEqualTo(RETRY);
        assertThat(Verdict.ofFault(new IllegalStateException(new ProtocolException("no scheme"))).kind()).isEqualTo(REFUSED);
    }

    @Test
    void onlyAnAnswerOfTheStoreAndAConnectionThatNeverWasSayThatItHasNotGotIt() {
        assertThat(List.of(400, 404, 410, 429, 500, 503)).noneMatch(status -> verdict(status, null).inDoubt());
        assertThat(List.of(502, 504)).as("a gateway had no answer of the store").allMatch(status -> verdict(status, null).inDoubt());
        assertThat(List.of(new ConnectException("refused"), new UnknownHostException("x"), new NoRouteToHostException(), new ConnectTimeoutException("x")))
                .noneMatch(fault -> Verdict.ofFault(fault).inDoubt());
        assertThat(List.of(new SocketTimeoutException(), new ConnectionClosedException(), new SocketException("reset"), new TimeoutException()))
                .allMatch(fault -> Verdict.ofFault(fault).inDoubt());
    }

    @Test
    void delaysGrowFourfoldWithJitterUpToTheLongest() {
        Backoff backoff = new Backoff(5, Duration.ofSeconds(2), Duration.ofMinutes(1));

        for (int i = 0; i < 100; i++) {
            assertThat(backoff.after(1)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            assertThat(backoff.after(3)).isBetween(Duration.ofSeconds(16), Duration.ofSeconds(32));
            assertThat(backoff.after(5)).isBetween(Duration.ofSeconds(30), Duration.ofMinutes(1));
        }
        assertThat(backoff.isOver(5)).isFalse();
        assertThat(backoff.isOver(6)).isTrue();
    }

    private static Verdict verdict(int status, String retryAfter) {
        return Verdict.ofStatus(status, retryAfter, NOW);
    }
}
