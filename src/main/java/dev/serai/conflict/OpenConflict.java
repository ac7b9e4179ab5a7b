package dev.serai.conflict;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.rules.Reason;
import dev.serai.rules.Values;
import java.time.Instant;

/**
 * A conflict that waits for a decision.
 *
 * @param id         0 where it is not written yet
 * @param seq        of the change that brought the store's value
 * @param acceptedAt of that change
 * @param base       what both sides had agreed on then; null where that is not known
 */
public record OpenConflict(
        long id,
        ConflictKey key,
        Reason reason,
        JsonNode storeValue,
        JsonNode platformValue,
        Instant storeModifiedAt,
        Instant platformModifiedAt,
        long seq,
        Instant acceptedAt,
        JsonNode base) {

    public OpenConflict withPlatform(JsonNode value, Instant at) {
        return new OpenConflict(id, key, reason, storeValue, value, storeModifiedAt, at, seq, acceptedAt, base);
    }

    /**
     * Whether the store may have something else than it told: it has been sent something since.
     *
     * @param agreed what is agreed on by now, or null
     * @param sent   what is on its way to the store, or null
     */
    public boolean isSentSince(JsonNode agreed, JsonNode sent) {
        return sent != null || base != null && !Values.same(base, agreed);
    }

    /** What is agreed on once the platform has the store's value: that, unless the store may have something else. */
    public JsonNode settled(JsonNode agreed, JsonNode sent) {
        return isSentSince(agreed, sent) ? agreed : storeValue;
    }
}
