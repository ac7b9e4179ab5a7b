package dev.serai.store;

import java.util.Locale;

/** Which way an entity's changes go. */
public enum Direction {
    TO_PLATFORM,
    FROM_PLATFORM,
    BIDIRECTIONAL;

    public boolean takesFromStore() {
        return this != FROM_PLATFORM;
    }

    public boolean sendsToStore() {
        return this != TO_PLATFORM;
    }

    /** As the API spells it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Direction of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
