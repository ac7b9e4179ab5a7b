package dev.serai.bench;

/**
 * Runs one benchmark, each in a JVM of its own: {@code pull}, {@code scale}, {@code merge}, {@code memory}, {@code stream}, {@code journal},
 * {@code delivery}, {@code broadcast}, {@code push}, {@code feed}, {@code catalog}, {@code console} or
 * {@code preview}.
 */
public final class Bench {

    private Bench() {}

    public static void main(String[] args) throws Exception {
        try (SourceServer source = new SourceServer(); BenchHub hub = new BenchHub(source)) {
            switch (args[0]) {
                case "pull" -> new PullBenchmark(source, hub).run();
                case "scale" -> new PullBenchmark(source, hub).scale();
                case "merge" -> new MergeBenchmark(hub).run();
                case "memory" -> new MemoryBenchmark(source, hub).run();
                case "stream" -> new MemoryBenchmark(source, hub).oneAnswer();
                case "journal" -> new JournalBenchmark(hub).run();
                case "delivery" -> new DeliveryBenchmark(hub).run();
                case "broadcast" -> new BroadcastBenchmark(hub).run();
                case "push" -> new PushBenchmark(hub).run();
                case "feed" -> new FeedBenchmark(hub).run();
                case "catalog" -> new CatalogBenchmark(hub).run();
                case "console" -> new ConsoleBenchmark(hub).run();
                case "preview" -> new PreviewBenchmark(hub).run();
                default -> throw new IllegalArgumentException(
                        "There is no benchmark " + args[0]
                                + ": pull, scale, merge, memory, stream, journal, delivery, broadcast, push, feed, catalog, console, preview");
            }
        }
    }
}
