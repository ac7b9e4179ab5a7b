package dev.serai.access;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What kind of caller this is. */
public enum Role {
    /** May do everything, for every store. */
    SUPER_ADMIN,
    /** One store: reads and changes what is its own. */
    STORE,
    /** One POS terminal. */
    TERMINAL,
    /** One retail device. */
    DEVICE,
    /** Reads everything of its scope (which may be all), changes nothing. */
    VIEWER,
    /** Holder of an API key: the PMS and its web shop. Never the role of a token or a user. */
    API_CLIENT,
    /** Prometheus, by {@code SERAI_METRICS_TOKEN}: reads the metrics, nothing else. Never the role of a token or a user. */
    SCRAPER;

    /** The name that callers and the database use. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The roles that a token can have. */
    static List<Role> issuable() {
        return List.of(SUPER_ADMIN, STORE, TERMINAL, DEVICE, VIEWER);
    }

    static Optional<Role> issuable(String key) {
        return issuable().stream().filter(role -> role.key().equals(key)).findFirst();
    }

    static Role of(String key) {
        return Arrays.stream(values()).filter(role -> role.key().equals(key)).findFirst().orElseThrow();
    }
}
