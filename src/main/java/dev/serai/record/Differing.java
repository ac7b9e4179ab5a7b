package dev.serai.record;

import dev.serai.change.RecordKey;
import java.time.Instant;

/**
 * A store that told something which did not become, or not just so, the record's state: it is to be sent the record as it is.
 *
 * @param seq        of the change that showed it
 * @param acceptedAt of that change
 * @param dispute    the same where the store tells the same values against the same ones again; {@link #NO_DISPUTE} where it tells none
 */
public record Differing(String storeId, RecordKey key, long seq, Instant acceptedAt, long dispute) {

    public static final long NO_DISPUTE = 0;
}
