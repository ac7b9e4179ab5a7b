package dev.serai.store;

import java.time.Instant;

/**
 * What a store and the hub sign with.
 *
 * @param validUntil null for the newest; an older one ends then
 */
public record Secret(String value, Instant validUntil) {

    boolean isValidAt(Instant now) {
        return validUntil == null || validUntil.isAfter(now);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "Secret[validUntil=" + validUntil + "]";
    }
}
