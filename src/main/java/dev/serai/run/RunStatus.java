package dev.serai.run;

import java.util.Locale;

/** The states of a run, spelled as the SyncFlow document has them. */
public enum RunStatus {
    PENDING,
    RUNNING,
    COMPLETED,
    FAILED,
    CANCELLED;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static RunStatus of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
