package dev.serai.rules;

import java.time.Instant;

/** When a value was written, by its writer's clock, and by whom: a store's id or a source. */
public record Stamp(Instant at, String writer) implements Comparable<Stamp> {

    /** Of what nobody has written. */
    public static final Stamp NEVER = new Stamp(Instant.EPOCH, "");

    @Override
    public int compareTo(Stamp other) {
        int byTime = at.compareTo(other.at);
        return byTime != 0 ? byTime : writer.compareTo(other.writer);
    }
}
