package dev.serai.storesync;

import dev.serai.run.Jobs.Span;
import java.time.Duration;
import java.util.Locale;

/** Durations as the document writes them. */
final class Durations {

    private Durations() {}

    /** {@code 2.3s}; null stays null. */
    static String seconds(Long millis) {
        return millis == null ? null : String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
    }

    /** {@code 5-10 minutes}, {@code 3 seconds}, {@code unknown}. */
    static String estimate(Span span) {
        if (span == null) {
            return "unknown";
        }
        long most = Math.max(1, roundUp(span.most(), Duration.ofSeconds(1)));
        Duration unit = most < 60 ? Duration.ofSeconds(1) : most < 3600 ? Duration.ofMinutes(1) : Duration.ofHours(1);
        String name = most < 60 ? "second" : most < 3600 ? "minute" : "hour";
        long high = Math.max(1, roundUp(span.most(), unit));
        long low = Math.max(1, span.least().dividedBy(unit));
        String plural = high == 1 ? name : name + "s";
        return low >= high ? high + " " + plural : low + "-" + high + " " + plural;
    }

    private static long roundUp(Duration duration, Duration unit) {
        return (duration.toMillis() + unit.toMillis() - 1) / unit.toMillis();
    }
}
