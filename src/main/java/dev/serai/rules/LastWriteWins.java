package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The newer edit wins. Equal times: the higher writer, then the higher hash of the value, so that every arrival order ends alike.
 * A pull is read in order, so that its later reading of one time is the newer one.
 */
public final class LastWriteWins {

    public static final String NAME = "last_write_wins";

    private LastWriteWins() {}

    /** Of whole records. */
    public static boolean isNewer(Edit incoming, Edit current) {
        int byTime = incoming.modifiedAt().compareTo(current.modifiedAt());
        if (byTime != 0) {
            return byTime > 0;
        }
        int byWriter = incoming.writer().compareTo(current.writer());
        if (byWriter != 0) {
            return byWriter > 0;
        }
        return incoming.fromPull() || incoming.hash() > current.hash();
    }

    /** Of one field; a field that nobody has written loses. */
    public static boolean isNewer(Stamp incoming, JsonNode value, Stamp current, JsonNode currentValue) {
        if (current == null) {
            return true;
        }
        int order = incoming.compareTo(current);
        return order != 0 ? order > 0 : Values.hash(value) > Values.hash(currentValue);
    }
}
