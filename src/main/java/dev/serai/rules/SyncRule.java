package dev.serai.rules;

import java.util.List;

/**
 * A store's rule, as it was configured. A rule beats the entity's strategy.
 *
 * @param entityType which entity it is for; null for all
 * @param field      which field it is for; null for all
 * @param condition  one of {@link #CONDITIONS}
 * @param action     one of {@link #ACTIONS}
 */
public record SyncRule(String name, String entityType, String field, String condition, String action) {

    public static final String CONFLICT_DETECTED = "conflict_detected";
    public static final String ALWAYS = "always";
    public static final List<String> CONDITIONS = List.of(CONFLICT_DETECTED, ALWAYS);

    public static final String USE_HIGHEST = "use_highest_value";
    public static final String USE_LOWEST = "use_lowest_value";
    public static final String USE_STORE = "use_store_value";
    public static final String USE_PLATFORM = "use_platform_value";
    public static final String NEWEST_WINS = "newest_wins";
    /** Decides nothing: it says when the field is sent. */
    public static final String SYNC_IMMEDIATELY = "sync_immediately";
    public static final String MANUAL = "manual_resolution";
    public static final List<String> ACTIONS =
            List.of(USE_HIGHEST, USE_LOWEST, USE_STORE, USE_PLATFORM, NEWEST_WINS, SYNC_IMMEDIATELY, MANUAL);

    /** Whether it is about this field of this entity; a null field is the record as a whole. */
    public boolean covers(String type, String name) {
        return (entityType == null || entityType.equals(type)) && (field == null || field.equals(name));
    }

    boolean isImmediate() {
        return action.equals(SYNC_IMMEDIATELY);
    }

    /** Entity and field, then the field alone, then the entity, then everything. */
    int specificity() {
        return (field == null ? 0 : 2) + (entityType == null ? 0 : 1);
    }
}
