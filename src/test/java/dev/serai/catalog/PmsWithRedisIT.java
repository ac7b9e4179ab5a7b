package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.HubProcess;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import redis.embedded.RedisServer;

/** The PMS face where hubs share a real Redis with a password. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PmsWithRedisIT extends PmsFace {

    private final int port = freePort();
    private RedisServer redis = startRedis();

    @Override
    HubProcess settings(HubProcess process) {
        return process.with("REDIS_URL", "redis://127.0.0.1:" + port).with("REDIS_TOKEN", "sesame");
    }

    @AfterAll
    void endRedis() throws IOException {
        redis.stop();
    }

    private RedisServer startRedis() {
        try {
            RedisServer server = RedisServer.newRedisServer().port(port).bind("127.0.0.1").setting("requirepass sesame").setting("save \"\"").build();
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aKeyHasOneLimitOverAllHubs() {
        try (HubProcess other = newHub().start()) {
            String key = key(hub, 10);
            Pms here = new Pms(hub.baseUrl(), key);
            Pms there = new Pms(other.baseUrl(), key);

            assertThat(IntStream.range(0, 10).mapToObj(i -> i % 2 == 0 ? here.get("/api/products") : there.get("/api/products")))
                    .allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));

            assertRefused(here.get("/api/products"), 429);
            assertRefused(there.get("/api/products"), 429);
        }
    }

    @Test
    void aProductStaysInTheCacheForFiveMinutes() {
        String id = pms.product("\"inventory\": 3");
        pms.get("/api/products/" + id);

        RedisClient client = RedisClient.create("redis://:sesame@127.0.0.1:" + port);
        try {
            RedisCommands<String, String> commands = client.connect().sync();
            assertThat(commands.keys("serai:products*" + id)).hasSize(1)
                    .allSatisfy(key -> assertThat(Duration.ofMillis(commands.pttl(key))).isBetween(Duration.ofMinutes(3), Duration.ofMinutes(5)));
        } finally {
            client.shutdown();
        }
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void withoutItsRedisTheHubGoesOnAndSaysSo() throws IOException {
        String id = pms.product("\"inventory\": 3");
        pms.get("/api/products/" + id);
        redis.stop();

        assertThat(pms.get("/api/products/" + id).text("/name")).isEqualTo("Mug");
        assertThat(pms.patch("/api/pms/products/" + id, "{\"name\": \"Cup\"}").text("/name")).isEqualTo("Cup");
        assertThat(pms.get("/health").text("/status")).isEqualTo("degraded");

        redis = startRedis();
        await().until(() -> pms.get("/health").text("/status").equals("ok"));
        assertThat(pms.get("/api/products/" + id).text("/name")).isEqualTo("Cup");
    }
}
