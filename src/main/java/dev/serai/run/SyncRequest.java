package dev.serai.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Locale;

/**
 * What a run was asked to do; kept with the run as JSON.
 *
 * @param entityName      the entity type that is filled
 * @param connector       the slug of the source
 * @param keyFields       which fields of a record make its key
 * @param syncType        full or incremental
 * @param pageSize        records a page
 * @param maxPages        the run ends after so many pages; null for no limit
 * @param parent          which record must be there first, or null
 * @param modifiedField   the field with the time of the last change
 * @param allowMassDelete whether a full run may delete more than the configured share of the known records
 * @param options         what a store's job is to do besides, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SyncRequest(
        String entityName,
        String connector,
        List<String> keyFields,
        SyncType syncType,
        int pageSize,
        Integer maxPages,
        Parent parent,
        String modifiedField,
        boolean allowMassDelete,
        JobOptions options) {

    public SyncRequest(
            String entityName,
            String connector,
            List<String> keyFields,
            SyncType syncType,
            int pageSize,
            Integer maxPages,
            Parent parent,
            String modifiedField,
            boolean allowMassDelete) {
        this(entityName, connector, keyFields, syncType, pageSize, maxPages, parent, modifiedField, allowMassDelete, null);
    }

    /**
     * @param validateData     compare store and platform at the end, and say what differs
     * @param resolveConflicts settle pending conflicts by rules and strategy where these can
     */
    public record JobOptions(boolean validateData, boolean resolveConflicts) {}

    /** @param keyFields which fields of the child name its parent */
    public record Parent(String entityName, List<String> keyFields) {}

    public enum SyncType {
        FULL,
        INCREMENTAL;

        /** As the APIs spell it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
