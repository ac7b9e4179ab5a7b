package dev.serai.bench;

import dev.serai.change.Outcome;
import dev.serai.journal.LedgerReport.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Pulls by the hub and upserts by bare JDBC, in turn, round by round; of each the median counts. */
final class PullBenchmark {

    private static final int PAGE_SIZE = 1_000;
    private static final int GROWTH = 4;

    private final int count = Integer.getInteger("records", 200_000);
    private final int rounds = Integer.getInteger("rounds", 4);
    /** Rounds before those, for the compiler's sake: it is at work on a pull for half a minute. */
    private final int warmUp = Integer.getInteger("warmUp", 4);
    private final SourceServer source;
    private final BenchHub hub;
    private final BareJdbc bare;
    private final Map<String, List<Double>> seconds = new LinkedHashMap<>();
    private final List<Double> unchangedWal = new ArrayList<>();

    PullBenchmark(SourceServer source, BenchHub hub) {
        this.source = source;
        this.hub = hub;
        this.bare = new BareJdbc(hub.database());
    }

    void run() {
        Records first = Records.first(count, PAGE_SIZE);
        Prepared original = Prepared.of(first);
        Prepared changed = Prepared.of(first.changed(1, 20));
        for (int round = 0; round < warmUp + rounds; round++) {
            if (round == warmUp) {
                seconds.clear();
                unchangedWal.clear();
            }
            hub.empty();
            bare.empty();
            both("all new", original, Outcome.APPLIED, count);
            both("unchanged", original, Outcome.UNCHANGED, count);
            both("5 % changed", changed, Outcome.APPLIED, count / 20);
        }
        print();
    }

    /** The same number of new records, and four times as many. */
    void scale() {
        Prepared small = Prepared.of(Records.first(count, PAGE_SIZE));
        Prepared large = Prepared.of(Records.first(count * GROWTH, PAGE_SIZE));
        for (int round = 0; round <= rounds; round++) {
            if (round == 1) {
                seconds.clear();
            }
            hub.empty();
            hub("once", small, Outcome.APPLIED, count);
            hub.empty();
            hub(GROWTH + " times", large, Outcome.APPLIED, count * GROWTH);
        }
        double once = median(seconds.get("once hub"));
        double more = median(seconds.get(GROWTH + " times hub"));
        System.out.printf(Locale.ROOT, "%n%,d new records in %.2f s, %,d in %.2f s: %.2f times (target at most 4.4)%n",
                count, once, count * GROWTH, more, more / once);
    }

    private void both(String name, Prepared prepared, Outcome outcome, long expected) {
        hub.settle();
        time(name + " bare", () -> bare.write(prepared));
        hub(name, prepared, outcome, expected);
    }

    private void hub(String name, Prepared prepared, Outcome outcome, long expected) {
        source.serve(prepared::json);
        hub.settle();
        long before = hub.walPosition();
        time(name + " hub", () -> {
            Tally tally = hub.pull(PAGE_SIZE);
            if (!tally.balanced() || tally.outcomes().getOrDefault(outcome, 0L) != expected) {
                throw new IllegalStateException(name + " ended as " + tally);
            }
        });
        if (name.equals("unchanged")) {
            unchangedWal.add((hub.walPosition() - before) / 1_000.0);
        }
    }

    private void time(String name, Runnable work) {
        Cpu before = Cpu.now();
        long from = System.nanoTime();
        work.run();
        double took = (System.nanoTime() - from) / 1e9;
        Cpu used = Cpu.now().since(before);
        seconds.computeIfAbsent(name, n -> new ArrayList<>()).add(took);
        System.out.printf(Locale.ROOT, "  %-18s %6.2f s   processor: JVM %5.2f s, PostgreSQL %5.2f s%n", name, took, used.jvm(), used.postgres());
    }

    private void print() {
        System.out.printf(Locale.ROOT, "%nPull of %,d records, %d a page, median of %d rounds%n", count, PAGE_SIZE, rounds);
        System.out.printf("%-12s %12s %12s %7s %8s%n", "", "hub rec/s", "bare rec/s", "ratio", "target");
        row("all new", "0.5");
        row("unchanged", "3");
        row("5 % changed", "2");
        System.out.printf(Locale.ROOT, "unchanged: %.2f s (aim below 1), %.0f kB of WAL (target at most 200)%n",
                median(seconds.get("unchanged hub")), median(unchangedWal));
    }

    private void row(String name, String target) {
        List<Double> ofHub = seconds.get(name + " hub");
        List<Double> ofBare = seconds.get(name + " bare");
        double[] ratios = new double[ofHub.size()];
        Arrays.setAll(ratios, i -> ofBare.get(i) / ofHub.get(i));
        double ratio = median(Arrays.stream(ratios).boxed().toList());
        System.out.printf(Locale.ROOT, "%-12s %,12.0f %,12.0f %7.2f %8s%n", name, count / median(ofHub), count / median(ofBare), ratio, target);
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
