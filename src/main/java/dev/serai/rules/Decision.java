package dev.serai.rules;

/** What becomes of a change, and which rule said so. */
public sealed interface Decision {

    /** The name of the rule that decided, as it is kept with the version. */
    String rule();

    /** The incoming content is written; the one it replaces stays in the journal. */
    record TakeIncoming(String rule) implements Decision {}

    /** The platform's content stays; the change is kept as superseded. */
    record KeepCurrent(String rule) implements Decision {}
}
