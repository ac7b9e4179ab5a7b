package dev.serai.rules;

import java.util.Locale;

/** Why a person has to decide. */
public enum Reason {
    /** Both sides changed the field since they last agreed on it. */
    BOTH_CHANGED,
    /** The store's time lies further ahead than clocks may differ. */
    FUTURE_CLOCK,
    /** One side deleted the record, the other changed it. */
    DELETED,
    /** A rule asks for it always. */
    RULE;

    /** As the API spells it. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Reason of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
