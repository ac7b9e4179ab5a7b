package dev.serai.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.preview.RulePreview;
import dev.serai.preview.RulePreview.Totals;
import dev.serai.rules.SyncRule;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.StoreDocument;
import dev.serai.store.Stores;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;

/**
 * Rules tried on a million journalled changes of a store, in a small heap: of records with ten changes each, and of one record that had
 * all of them. What is left after a collection, taken while it runs, must not grow with the changes.
 */
final class PreviewBenchmark {

    private static final String STORE = "bench_store";
    private static final int BATCH = 100_000;
    private static final int CHANGES_PER_RECORD = 10;

    private final int count = Integer.getInteger("records", 1_000_000);
    private final BenchHub hub;

    PreviewBenchmark(BenchHub hub) {
        this.hub = hub;
    }

    void run() {
        hub.stopRoutes("apply-changes-tick", "apply-changes");
        StoreConfig store = createStore();
        System.out.printf(Locale.ROOT, "Preview of %,d changes with a heap of %,d MB%n", count, Runtime.getRuntime().maxMemory() >> 20);
        preview(store, "records of ten changes", CHANGES_PER_RECORD);
        preview(store, "one record", count);
    }

    private StoreConfig createStore() {
        try {
            EntityConfig products = hub.bean(StoreDocument.class).readEntity(new ObjectMapper().readTree("{\"type\": \"products\"}"));
            return hub.bean(Stores.class).create(
                    new StoreConfig(STORE, 0, false, Frequency.REAL_TIME, List.of(products), List.of(), null), null, "bench");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Of each change the platform had edited the price since, to a higher one: the rule would have taken the store's. */
    private void preview(StoreConfig store, String what, int changesPerRecord) {
        hub.empty();
        for (int from = 0; from < count; from += BATCH) {
            hub.execute("""
                    INSERT INTO journal (accepted_at, source, store_id, entity_type, record_key, operation, modified_at, hash, payload,
                                         outcome, partial, trace)
                    SELECT now(), ?, ?, 'products', 'p' || n / ?, 'UPSERT', now() - interval '1 h' + n * interval '1 ms', n,
                           json_build_object('id', 'p' || n / ?, 'title', 'Lamp ' || n, 'price', n, 'description', repeat('wool ', 50))::text,
                           'SUPERSEDED', true,
                           json_build_object('price', json_build_array(n + 1, n + 1, 0, 1, 'platform'), 'title', json_build_array('Rug', 'Lamp ' || n, 'Rug'))::text
                    FROM generate_series(?, ? - 1) n""", STORE, STORE, changesPerRecord, changesPerRecord, from, Math.min(count, from + BATCH));
        }
        hub.execute("VACUUM ANALYZE journal");
        SyncRule lowest = new SyncRule("lowest", "products", "price", SyncRule.CONFLICT_DETECTED, SyncRule.USE_LOWEST);
        RulePreview preview = hub.bean(RulePreview.class);
        try (HeapWatch heap = new HeapWatch()) {
            long from = System.nanoTime();
            Totals totals = preview.preview(store, List.of(lowest), 1).totals();
            double seconds = (System.nanoTime() - from) / 1e9;
            System.out.printf(Locale.ROOT, "  %s: %,d changes of %,d records in %.1f s, %,d values would be others; heap in use after collections:"
                    + " %s%n", what, totals.changes(), totals.records(), seconds, totals.different(), heap.summary());
            if (totals.changes() != count) {
                throw new IllegalStateException("Not every change was replayed");
            }
        }
    }

    /** Collects once a second and looks at what is left. */
    private static final class HeapWatch implements AutoCloseable {

        private final Thread thread = new Thread(this::look, "heap-watch");
        private volatile double least = Double.MAX_VALUE;
        private volatile double most;
        private volatile int looks;

        HeapWatch() {
            thread.setDaemon(true);
            thread.start();
        }

        private void look() {
            while (!Thread.currentThread().isInterrupted()) {
                System.gc();
                double used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
                least = Math.min(least, used);
                most = Math.max(most, used);
                looks++;
                try {
                    // Looks once a second, for as long as the preview takes.
                    Thread.sleep(1_000);
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        String summary() {
            return String.format(Locale.ROOT, "%.0f to %.0f MB (%d looks)", least, most, looks);
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }
}
