package dev.serai.rules;

import java.time.Instant;

/**
 * One side of a decision about a whole record: its content as somebody left it.
 *
 * @param modifiedAt when, by the writer's clock
 * @param writer     store id or source
 * @param hash       of the content
 * @param fromPull   whether it was read as its source's current state, so that of two with one time the later read is the newer
 */
public record Edit(Instant modifiedAt, String writer, long hash, boolean fromPull) {}
