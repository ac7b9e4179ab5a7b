package dev.serai.record;

import dev.serai.change.RecordKey;
import dev.serai.rules.Stamps.Agreed;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** A record, or that there is none, as the decisions of a batch leave it so far, with what stores have of it. */
final class Draft {

    private final RecordKey key;
    private final Map<String, Side> sides = new HashMap<>(4);
    private Current current;
    private String payload;
    private String stamps;
    private boolean written;

    /** @param current null where there is no such record */
    Draft(RecordKey key, Current current) {
        this.key = key;
        this.current = current;
    }

    RecordKey key() {
        return key;
    }

    /** The record as it is by now, or null. */
    Current current() {
        return current;
    }

    /** Null where nobody needs it. */
    Content content() {
        return current == null ? null : current.content();
    }

    /** Whether it is to be written. */
    boolean isWritten() {
        return written;
    }

    /** The content that is to be written; null where it stays as it is. */
    String payload() {
        return payload;
    }

    /** What is to be written of its stamps, as of when it was settled. */
    String stamps() {
        return stamps;
    }

    void write(String content, Current after) {
        payload = content;
        current = after;
        written = true;
    }

    /** What this batch itself has made of a record without looking into it can be merged into from now on. */
    void makeMergeable() {
        if (current != null && current.content() == null) {
            current = current.withContent(Content.of(payload, null, current.stamp()));
        }
    }

    void add(Side side) {
        sides.put(side.storeId(), side);
    }

    Side side(String storeId) {
        return sides.computeIfAbsent(storeId, id -> Side.unknown(id, key)).open();
    }

    Collection<Side> sides() {
        return sides.values();
    }

    /**
     * A change of the record is decided. What a store told that the record has just like that is left to the record, where that is written anyway
     * or has it of this store already; the rest is kept with the stores.
     */
    void settle() {
        Side left = content() == null || sides.isEmpty() ? null : leave();
        for (Side side : sides.values()) {
            if (side != left) {
                side.keep();
            }
        }
        if (written && content() != null) {
            // Now, while they are in the processor's cache, and not for the whole batch in the end.
            stamps = content().stamps().text();
        }
    }

    /** Answers whose side is left to the record, or null. */
    private Side leave() {
        Agreed before = content().stamps().agreed();
        Side left = null;
        for (Side side : sides.values()) {
            boolean isOfBefore = side.isOf(before);
            boolean mayBeLeft = isOfBefore || side.isChanged() && written;
            if (isOfBefore) {
                side.open();
            }
            if (mayBeLeft && (left == null || side.isChanged()) && side.follows(content())) {
                left = side;
            }
        }
        if (left == null ? before != null && sides.containsKey(before.storeId()) : left.isChanged()) {
            agree(left == null ? null : left.agreed());
        }
        return left;
    }

    private void agree(Agreed agreed) {
        content().stamps().agree(agreed);
        written = true;
    }

    /** Nothing follows from the record any more: all is kept with the stores' sides. */
    void keepAll() {
        sides.values().forEach(side -> side.open().keep());
        if (content() != null && content().isAgreed()) {
            agree(null);
            settle();
        }
    }
}
