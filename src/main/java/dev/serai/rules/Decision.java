package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;

/** What becomes of one field of a store's change, and which rule said so. */
public sealed interface Decision {

    /** The incoming value, or what was calculated from it, is written; the one it replaces stays in the journal. */
    record TakeIncoming(String rule, JsonNode value) implements Decision {}

    /** The platform's value stays; the store's is known. */
    record KeepCurrent(String rule) implements Decision {}

    /** A person decides; the record's other fields go on. */
    record AskPerson(String rule, Reason reason) implements Decision {}

    /** The store has edited nothing here. */
    enum NoEdit implements Decision {
        /** Both sides have this value. */
        AGREES,
        /** The store still has the value that it is known to have, or has just been sent. */
        RESTATED,
        /** The store has told a newer value before. */
        OLDER
    }
}
