package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * One field of a store's change, with what is known of both sides.
 *
 * @param incoming     what the store tells
 * @param stamp        of the change
 * @param acceptedAt   when the hub took it in
 * @param current      what the platform has, or null
 * @param currentStamp who wrote that and when, or null
 * @param base         what both last agreed on, or null
 * @param sent         what is on its way to the store, or null
 * @param contested    the store's value about which a person is to decide, or null
 * @param older        whether the store has told a newer value already
 */
public record FieldCase(
        String field,
        JsonNode incoming,
        Stamp stamp,
        Instant acceptedAt,
        JsonNode current,
        Stamp currentStamp,
        JsonNode base,
        JsonNode sent,
        JsonNode contested,
        boolean older) {

    public boolean isRestated() {
        return Values.same(incoming, base)
                || sent != null && Values.same(incoming, sent)
                || contested != null && Values.same(incoming, contested);
    }

    /**
     * Whether the store counted on from what is on its way to it, of which we do not know yet whether it has arrived: it did where that
     * is the smaller step. Sales are small.
     */
    boolean countsFromSent() {
        return Values.isCountable(sent)
                && Values.isCountable(incoming)
                && (!Values.isCountable(base) || Values.distance(incoming, sent).compareTo(Values.distance(incoming, base)) < 0);
    }

    boolean platformChanged() {
        return !Values.same(current, base);
    }

    boolean isNewer() {
        return LastWriteWins.isNewer(stamp, incoming, currentStamp, current);
    }
}
