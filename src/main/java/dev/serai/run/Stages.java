package dev.serai.run;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/**
 * How long a run was at each of its stages, those of a hub that it was taken over from included. Stages go on beside each other, so that
 * together they may take longer than the run. Threads add to it at once.
 */
public final class Stages {

    /** What a run does with a page. */
    public enum Stage {
        /** Asks the source, and waits until it begins to answer; retries included. */
        FETCH,
        /** Reads the answer while it comes: the records' keys, times and hashes. */
        READ,
        /** Asks what is known of the records. */
        COMPARE,
        /** Decides, applies, holds and journals what differs, and commits. */
        WRITE,
        /** Looks for what the source no longer has, and deletes it. */
        DELETE;

        /** As the API spells it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final long NANOS = 1_000_000;

    private final Map<Stage, LongAdder> nanos = new EnumMap<>(Stage.class);

    private Stages() {
        for (Stage stage : Stage.values()) {
            nanos.put(stage, new LongAdder());
        }
    }

    /** Goes on from what a run was saved with; null where it has not begun. */
    public static Stages goingOnFrom(Map<String, Long> saved) {
        Stages stages = new Stages();
        if (saved != null) {
            stages.nanos.forEach((stage, sum) -> sum.add(saved.getOrDefault(stage.text(), 0L) * NANOS));
        }
        return stages;
    }

    public void add(Stage stage, long moreNanos) {
        nanos.get(stage).add(moreNanos);
    }

    /** Adds what has passed since a reading of {@link System#nanoTime}. */
    public void addSince(Stage stage, long from) {
        add(stage, System.nanoTime() - from);
    }

    /** Adds the time that something takes. */
    public <T> T timed(Stage stage, Supplier<T> work) {
        long from = System.nanoTime();
        try {
            return work.get();
        } finally {
            addSince(stage, from);
        }
    }

    /** In milliseconds, in the order of the stages; those that took no time are left out. */
    public Map<String, Long> millis() {
        Map<String, Long> millis = new LinkedHashMap<>();
        nanos.forEach((stage, sum) -> {
            if (sum.sum() > 0) {
                millis.put(stage.text(), (sum.sum() + NANOS / 2) / NANOS);
            }
        });
        return millis;
    }
}
