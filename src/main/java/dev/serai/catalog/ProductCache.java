package dev.serai.catalog;

import dev.serai.record.Applied;
import dev.serai.record.AppliedListener;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.springframework.cache.Cache;
import org.springframework.cache.CacheManager;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Answers about products, as JSON, kept for a few minutes and never longer than until the next write, whatever face or hub it comes from. */
@Component
class ProductCache implements AppliedListener {

    static final String PRODUCTS = "products";
    static final String LISTS = "product-lists";

    private final Cache products;
    private final Cache lists;
    private final Generations generations;

    ProductCache(CacheManager caches, Generations generations) {
        this.products = caches.getCache(PRODUCTS);
        this.lists = caches.getCache(LISTS);
        this.generations = generations;
    }

    String product(String id, Supplier<String> read) {
        return get(products, id, id, read);
    }

    String list(String query, Supplier<String> read) {
        return get(lists, Generations.LISTS, query, read);
    }

    private String get(Cache cache, String scope, String key, Supplier<String> read) {
        Optional<String> generation = generations.of(scope);
        if (generation.isEmpty()) {
            return read.get();
        }
        Callable<String> load = read::get;
        try {
            return cache.get(generation.get() + " " + key, load);
        } catch (Cache.ValueRetrievalException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } catch (DataAccessException e) {
            // Redis went away in between: the answer does not depend on it.
            return read.get();
        }
    }

    /** Within the transaction: every write of a product comes by here, and ends what was kept when it is committed. */
    @Override
    public void applied(List<Applied> applied, Instant now) {
        Set<String> written = applied.stream()
                .filter(a -> a.key().entityType().equals(Catalog.PRODUCTS))
                .map(a -> a.key().key())
                .collect(Collectors.toCollection(HashSet::new));
        if (written.isEmpty()) {
            return;
        }
        written.add(Generations.LISTS);
        generations.announce(written);
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                generations.end(written);
            }
        });
    }
}
