package dev.serai.rules;

import dev.serai.rules.Decision.KeepCurrent;
import dev.serai.rules.Decision.TakeIncoming;

/**
 * The newer edit wins. Equal times: the higher writer, then the higher hash, so that every arrival order ends alike.
 * A pull is read in order, so that its later reading of one time is the newer one.
 */
public final class LastWriteWins implements Strategy {

    public static final String NAME = "last_write_wins";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Decision decide(Edit current, Edit incoming) {
        return isNewer(incoming, current) ? new TakeIncoming(NAME) : new KeepCurrent(NAME);
    }

    private static boolean isNewer(Edit incoming, Edit current) {
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
}
