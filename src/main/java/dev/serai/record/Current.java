package dev.serai.record;

import dev.serai.rules.Edit;
import java.time.Instant;

/** A record as it stands while a batch is decided. */
record Current(
        long id, int version, Instant modifiedAt, String writer, String origin, long hash, boolean deleted, long lastChange) {

    Edit edit() {
        return new Edit(modifiedAt, writer, hash, false);
    }
}
