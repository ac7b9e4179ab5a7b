package dev.serai.store;

import dev.serai.rules.FieldFilter;
import java.util.List;
import java.util.Set;

/**
 * How a store syncs one kind of record.
 *
 * @param type          {@code products}
 * @param strategy      of conflicts that no rule decides: {@code last_write_wins}, {@code store_priority}, {@code platform_priority},
 *                      {@code manual_resolution}
 * @param fields        what is synced; empty for all
 * @param keyFields     whose values make the record's key
 * @param modifiedField the field with the time of the last change
 * @param filters       all of which a record has to meet
 * @param excludeFields never stored, never sent
 * @param connector     slug of the connector that pulls this entity from the store, or null
 * @param shareStores   whether changes of other stores go out to this one too
 */
public record EntityConfig(
        String type,
        Direction direction,
        String strategy,
        List<String> fields,
        List<String> keyFields,
        String modifiedField,
        DeleteMarker deleteMarker,
        List<FieldFilter> filters,
        Set<String> excludeFields,
        String connector,
        boolean shareStores) {

    public EntityConfig {
        fields = List.copyOf(fields);
        keyFields = List.copyOf(keyFields);
        filters = List.copyOf(filters);
        excludeFields = Set.copyOf(excludeFields);
    }

    public EntityConfig withFilters(List<FieldFilter> changed, Set<String> excluded) {
        return new EntityConfig(
                type, direction, strategy, fields, keyFields, modifiedField, deleteMarker, changed, excluded, connector, shareStores);
    }
}
