package dev.serai.record;

import dev.serai.rules.Edit;
import dev.serai.rules.Stamp;
import java.time.Instant;

/**
 * A record as it stands while a batch is decided.
 *
 * @param modifiedAt of its newest edit
 * @param writer     of that edit
 * @param content    null where nobody needs to merge into it
 */
record Current(
        long id,
        int version,
        Instant modifiedAt,
        String writer,
        String origin,
        long hash,
        boolean deleted,
        long lastChange,
        Content content) {

    Edit edit() {
        return new Edit(modifiedAt, writer, hash, false);
    }

    Stamp stamp() {
        return new Stamp(modifiedAt, writer);
    }

    Current withContent(Content read) {
        return new Current(id, version, modifiedAt, writer, origin, hash, deleted, lastChange, read);
    }
}
