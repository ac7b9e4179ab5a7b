package dev.serai.store;

import java.time.Duration;
import java.util.Locale;

/** How often a store is synced by itself. */
public enum Frequency {
    /** Every change at once, by webhooks. */
    REAL_TIME(null),
    HIGH(Duration.ofMinutes(5)),
    MEDIUM(Duration.ofHours(1)),
    LOW(Duration.ofDays(1)),
    /** Only when someone asks for it. */
    MANUAL(null);

    private final Duration interval;

    Frequency(Duration interval) {
        this.interval = interval;
    }

    /** The time between two scheduled syncs; null where nothing is scheduled. */
    public Duration interval() {
        return interval;
    }

    /** As the API spells it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Frequency of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
