package dev.serai.bench;

import java.lang.management.ManagementFactory;
import java.util.Locale;

/** A long pull in a small heap: what is left after a collection must not grow with the records. Pages are made when they are asked for. */
final class MemoryBenchmark {

    private static final int PAGE_SIZE = 1_000;
    private static final int LOOK_EVERY_PAGES = 100;

    private final int count = Integer.getInteger("records", 1_000_000);
    private final SourceServer source;
    private final BenchHub hub;
    private double least = Double.MAX_VALUE;
    private double most;

    MemoryBenchmark(SourceServer source, BenchHub hub) {
        this.source = source;
        this.hub = hub;
    }

    void run() {
        Records records = Records.first(count, PAGE_SIZE);
        System.out.printf(Locale.ROOT, "Pull of %,d records with a heap of %,d MB%n", count, Runtime.getRuntime().maxMemory() >> 20);
        source.serve(page -> {
            if (page % LOOK_EVERY_PAGES == 0) {
                look(page);
            }
            return records.json(page);
        });
        long from = System.nanoTime();
        hub.pull(PAGE_SIZE);
        System.out.printf(Locale.ROOT, "Finished in %.1f s with %,d records; heap in use after a collection: %.0f to %.0f MB%n",
                (System.nanoTime() - from) / 1e9, hub.count("record"), least, most);
    }

    /** The same records as one answer of a source that knows no paging; about 500 MB of them. */
    void oneAnswer() {
        Records records = Records.first(count, PAGE_SIZE);
        System.out.printf(Locale.ROOT, "Pull of %,d records in one answer with a heap of %,d MB%n", count, Runtime.getRuntime().maxMemory() >> 20);
        long[] bytes = {0};
        source.serveInOneAnswer(page -> {
            if (page % LOOK_EVERY_PAGES == 0) {
                look(page);
            }
            byte[] json = records.json(page);
            bytes[0] += json.length;
            return json;
        }, records.pages());
        long from = System.nanoTime();
        hub.pull(PAGE_SIZE);
        System.out.printf(Locale.ROOT, "Finished in %.1f s with %,d records, %,d MB served; heap in use after a collection: %.0f to %.0f MB%n",
                (System.nanoTime() - from) / 1e9, hub.count("record"), bytes[0] >> 20, least, most);
    }

    private void look(int page) {
        System.gc();
        double used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
        least = Math.min(least, used);
        most = Math.max(most, used);
        System.out.printf(Locale.ROOT, "  %,9d records: %.0f MB%n", (long) page * PAGE_SIZE, used);
    }
}
