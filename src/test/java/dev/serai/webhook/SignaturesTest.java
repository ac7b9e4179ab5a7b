package dev.serai.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** On the examples of the senders' own documentation. */
class SignaturesTest {

    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final byte[] BODY = bytes("{\"test\": 2432232314}");
    private static final Instant SENT = Instant.ofEpochSecond(1614265330);
    private static final Map<String, String> HEADERS = Map.of(
            "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp", "1614265330",
            "webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    @Test
    void theExampleOfStandardWebhooksIsGoodAndNamesItsId() {
        assertThat(verify(HEADERS, BODY, SECRET)).hasValueSatisfying(good -> {
            assertThat(good.style()).isEqualTo(SignatureStyle.STANDARD);
            assertThat(good.id()).isEqualTo("msg_p5jXN8AQM9LWM0D4loKWxJek");
            assertThat(good.signedAt()).isEqualTo(SENT);
        });
    }

    @Test
    void ofSeveralSignaturesAndSeveralSecretsOneIsEnough() {
        Map<String, String> headers = with("webhook-signature", "v1,bm90IHRoaXM= v2,x v1a,y " + HEADERS.get("webhook-signature") + " v1,%%%");

        assertThat(verify(headers, BODY, "another", SECRET)).isPresent();
        assertThat(verify(headers, BODY, "another")).isEmpty();
    }

    @Test
    void everyChangedByteOfTheBodyIsRefused() {
        for (int i = 0; i < BODY.length; i++) {
            byte[] changed = BODY.clone();
            changed[i] ^= 1;
            assertThat(verify(HEADERS, changed, SECRET)).isEmpty();
        }
    }

    @Test
    void idAndTimeAreSignedToo() {
        assertThat(verify(with("webhook-id", "msg_other"), BODY, SECRET)).isEmpty();
        assertThat(verify(with("webhook-timestamp", "1614265331"), BODY, SECRET)).isEmpty();
    }

    @Test
    void fiveMinutesAreTheToleranceInBothDirections() {
        assertThat(Signatures.verify(HEADERS::get, BODY, List.of(SECRET), SENT.plusSeconds(300))).isPresent();
        assertThat(Signatures.verify(HEADERS::get, BODY, List.of(SECRET), SENT.plusSeconds(301))).isEmpty();
        assertThat(Signatures.verify(HEADERS::get, BODY, List.of(SECRET), SENT.minusSeconds(300))).isPresent();
        assertThat(Signatures.verify(HEADERS::get, BODY, List.of(SECRET), SENT.minusSeconds(301))).isEmpty();
    }

    @Test
    void aStoreWithoutSecretsTakesNothingEvenSignedWithTheKeyThatStandsIn() {
        Map<String, String> headers =
                StandardWebhooks.sign("a", SENT, BODY, List.of("whsec_bm8gc3RvcmUgaGFzIHRoaXMgc2VjcmV0IG9mIGl0cyBvd24="));

        assertThat(verify(headers, BODY)).isEmpty();
    }

    @Test
    void gitHubsExampleIsGood() {
        Map<String, String> headers =
                Map.of("X-Hub-Signature-256", "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

        assertThat(verify(headers, bytes("Hello, World!"), "It's a Secret to Everybody"))
                .hasValueSatisfying(good -> assertThat(good.id()).isNull());
        assertThat(verify(headers, bytes("Hello, World?"), "It's a Secret to Everybody")).isEmpty();
    }

    @Test
    void malformedHeadersAreRefusedWithoutAnError() {
        for (String header : List.of("Stripe-Signature", "X-Hub-Signature-256", "X-Shopify-Hmac-Sha256", "X-WC-Webhook-Signature")) {
            for (String value : List.of("", "=", "t=,v1=", "t=99999999999999999999,v1=00", "sha256=zz", "v1,", "§", "t=1614265330,v1=")) {
                assertThat(verify(Map.of(header, value), BODY, SECRET)).isEmpty();
            }
        }
        for (String time : List.of("", "-1", "1e3", "99999999999999999999", "now")) {
            assertThat(verify(with("webhook-timestamp", time), BODY, SECRET)).isEmpty();
        }
    }

    @Test
    void whatTheHubSignsWithTwoSecretsIsGoodWithEach() {
        Map<String, String> headers = StandardWebhooks.sign("msg_1", SENT, BODY, List.of(SECRET, "webhook_secret_123"));

        assertThat(verify(headers, BODY, SECRET)).isPresent();
        assertThat(verify(headers, BODY, "webhook_secret_123")).isPresent();
        assertThat(verify(headers, BODY, "webhook_secret_124")).isEmpty();
    }

    private static Optional<Signatures.Verified> verify(Map<String, String> headers, byte[] body, String... secrets) {
        return Signatures.verify(headers::get, body, List.of(secrets), SENT);
    }

    private static Map<String, String> with(String name, String value) {
        Map<String, String> headers = new HashMap<>(HEADERS);
        headers.put(name, value);
        return headers;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
