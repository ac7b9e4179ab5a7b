package dev.serai.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.delivery.Verdict.Kind;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetGuardTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::7f00:1", "fe80::1",
        "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::"})
    void innerAddressesAreRefused(String address) throws UnknownHostException {
        assertThat(new TargetGuard("").isAllowed(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "172.32.0.1", "172.15.0.1", "11.0.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"})
    void addressesOfTheInternetAreAllowed(String address) throws UnknownHostException {
        assertThat(new TargetGuard("").isAllowed(InetAddress.getByName(address))).isTrue();
    }

    @Test
    void rangesOfTheAllowListAreAllowedAndNothingElse() throws UnknownHostException {
        TargetGuard guard = new TargetGuard("10.1.0.0/16, ::1/128,");

        assertThat(guard.isAllowed(InetAddress.getByName("10.1.2.3"))).isTrue();
        assertThat(guard.isAllowed(InetAddress.getByName("::1"))).isTrue();
        assertThat(guard.isAllowed(InetAddress.getByName("10.2.0.1"))).isFalse();
        assertThatThrownBy(() -> new TargetGuard("10.0.0.0/99")).hasMessageContaining("SERAI_DELIVERY_ALLOW has '10.0.0.0/99'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "2130706433", "[::1]", "127.1", "0x7f.1", "[::ffff:127.0.0.1]", "0"})
    void aConnectionIsRefusedHoweverTheAddressIsWritten(String host) throws Exception {
        WebhookClient client = new WebhookClient(
                new TargetGuard(""), Clock.systemUTC(), Duration.ofSeconds(1), Duration.ofSeconds(1), 2, 2);
        try {
            Verdict verdict = client.post(URI.create("http://" + host + ":9/"), new byte[0], Map.of()).get();
            assertThat(verdict.kind()).as(verdict.reason()).isNotEqualTo(Kind.DELIVERED);
            if (!verdict.reason().contains("host name is not known")) {
                assertThat(verdict.kind()).isEqualTo(Kind.REFUSED);
                assertThat(verdict.reason()).contains("is inside a private network");
            }
        } finally {
            client.destroy();
        }
    }
}
