package dev.serai.change;

/** What a change does to its record. */
public enum Operation {
    UPSERT,
    DELETE
}
