package dev.serai.conflict;

import dev.serai.change.RecordKey;

/** What a conflict is about: at most one is pending for each. */
public record ConflictKey(RecordKey record, String storeId, String field) {

    /** Stands for the record itself, where one side deleted it. */
    public static final String EXISTENCE = "_deleted";

    public boolean isExistence() {
        return field.equals(EXISTENCE);
    }
}
