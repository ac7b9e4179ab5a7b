package dev.serai.rules;

import dev.serai.change.Change;

/** Says which changes a store or source lets through; the others end as {@code FILTERED}. */
@FunctionalInterface
public interface Filter {

    /** Lets everything through. */
    Filter NONE = change -> true;

    boolean passes(Change change);
}
