package dev.serai.rules;

/**
 * A store's rule, as it was configured. A rule beats the entity's strategy.
 *
 * @param entityType which entity it is for; null for all
 * @param field      which field it is for; null for all
 * @param condition  {@code conflict_detected} or {@code always}
 * @param action     what it does: {@code use_highest_value}, {@code sync_immediately} …
 */
public record SyncRule(String name, String entityType, String field, String condition, String action) {}
