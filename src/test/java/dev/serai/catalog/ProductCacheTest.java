package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.record.Page;
import dev.serai.testing.Core;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.cache.CacheManager;
import org.springframework.cache.caffeine.CaffeineCache;

class ProductCacheTest {

    private final Core core = new Core(CatalogBeans.class);
    private final ProductCache cache = core.bean(ProductCache.class);
    private final LocalGenerations generations = core.bean(LocalGenerations.class);
    private final AtomicInteger reads = new AtomicInteger();
    private Instant at = Instant.parse("2026-01-05T09:00:00Z");

    @BeforeEach
    void hear() {
        generations.hearing(true);
    }

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void anAnswerIsReadOnceUntilAnyFaceWritesTheProduct() {
        assertThat(List.of(product("a"), product("a"), list(), list())).containsExactly("a1", "a1", "list2", "list2");

        pull("a");

        assertThat(List.of(product("a"), list())).containsExactly("a3", "list4");
    }

    @Test
    void anAnswerIsForgottenAfterTheTimeThatIsSet() {
        for (String name : List.of(ProductCache.PRODUCTS, ProductCache.LISTS)) {
            CaffeineCache kept = (CaffeineCache) core.bean(CacheManager.class).getCache(name);
            assertThat(kept.getNativeCache().policy().expireAfterWrite()).get()
                    .satisfies(expiration -> assertThat(expiration.getExpiresAfter()).isEqualTo(Duration.ofMinutes(5)));
        }
    }

    @Test
    void theWriteOfOneProductLeavesTheOthersCached() {
        product("a");
        product("b");
        pull("b");

        assertThat(List.of(product("a"), product("b"))).containsExactly("a1", "b3");
    }

    @Test
    void whatWasReadBeforeAWriteIsNotKeptThoughItComesAfterIt() {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        CompletableFuture<String> slow = CompletableFuture.supplyAsync(() -> cache.product("a", () -> {
            reading.countDown();
            await(written);
            return "before the write";
        }));
        await(reading);
        pull("a");
        written.countDown();

        assertThat(slow.join()).isEqualTo("before the write");
        assertThat(product("a")).isEqualTo("a1");
    }

    @Test
    void whatAnotherHubWroteIsHeardOf() {
        product("a");
        generations.told(Integer.toString(Generations.slot("a")));
        assertThat(product("a")).isEqualTo("a2");
        generations.told("*");
        assertThat(product("a")).isEqualTo("a3");
    }

    @Test
    void nothingComesFromTheCacheWhileOthersAreNotHeard() {
        product("a");
        generations.hearing(false);
        assertThat(List.of(product("a"), product("a"))).containsExactly("a2", "a3");

        generations.hearing(true);
        assertThat(List.of(product("a"), product("a"))).containsExactly("a4", "a4");
    }

    private String product(String id) {
        return cache.product(id, () -> id + reads.incrementAndGet());
    }

    private String list() {
        return cache.list("all", () -> "list" + reads.incrementAndGet());
    }

    private void pull(String key) {
        at = at.plusSeconds(1);
        Change change = new Change("erp", null, null, "products", key, Operation.UPSERT, at, null, null, at.toEpochMilli(), "{}", true);
        core.pipeline().accept(new Page("products", List.of(change), List.of()), result -> {});
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
