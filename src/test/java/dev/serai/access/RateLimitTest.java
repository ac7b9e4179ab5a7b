package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.access.RateLimits.Verdict;
import dev.serai.redis.SharedRedis;
import dev.serai.testing.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.support.StaticListableBeanFactory;

class RateLimitTest {

    @Test
    void anApiKeyIsHeldToItsLimitUntilTheMinuteIsOver() {
        try (TestHub hub = TestHub.onTrial()) {
            String[] key = key(hub);
            String[] other = key(hub);
            for (int left = 2; left >= 0; left--) {
                TestHub.Answer answer = hub.get("/api/products", key);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("X-RateLimit-Limit")).isEqualTo("3");
                assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo(Integer.toString(left));
            }
            hub.clock().advance(Duration.ofSeconds(20));
            TestHub.Answer refused = hub.get("/api/products", key);
            FaceShape.assertCoded(refused, 429);
            assertThat(refused.json().at("/error/code").asText()).isEqualTo("RATE_LIMIT_EXCEEDED");
            assertThat(refused.header("Retry-After")).isEqualTo("40");
            assertThat(hub.get("/api/products", other).status()).isEqualTo(200);

            hub.clock().advance(Duration.ofSeconds(40));

            assertThat(hub.get("/api/products", key).status()).isEqualTo(200);
        }
    }

    @Test
    void whatMayHappenOnceAMinuteMayNotHappenAgainWithinAMinute() {
        SettableClock clock = new SettableClock();
        RateLimits limits = new RateLimits(clock, new StaticListableBeanFactory().getBeanProvider(SharedRedis.class));
        assertThat(limits.take("till", 1).allowed()).isTrue();
        clock.advance(Duration.ofSeconds(90));
        assertThat(limits.take("till", 1).allowed()).isTrue();

        clock.advance(Duration.ofSeconds(45));

        Verdict early = limits.take("till", 1);
        assertThat(early.allowed()).as("two minutes after the first, but 45 seconds after the last").isFalse();
        assertThat(early.resetSeconds()).isEqualTo(15);
        clock.advance(Duration.ofSeconds(15));
        assertThat(limits.take("till", 1).allowed()).isTrue();
    }

    private static String[] key(TestHub hub) {
        String secret = hub.post("/v1/access/api-keys", "{\"name\": \"k\", \"rate_limit_per_minute\": 3}", "Authorization", TestHub.BEARER)
                .json().at("/data/api_key").asText();
        return new String[] {"X-API-Key", secret};
    }
}
