package dev.serai.record;

import dev.serai.rules.EntityRules;
import dev.serai.rules.SyncRule;
import dev.serai.store.EntityConfig;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The rules by which stores sync, made from their configuration once a version. */
@Component
public class SyncedEntities {

    private final Stores stores;
    private final Set<String> counters;
    private final Duration tolerance;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    private record Known(StoreConfig config, Map<String, EntityRules> rules) {}

    SyncedEntities(
            Stores stores,
            @Value("${serai.stores.counters:products.inventory,products.stock}") Set<String> counters,
            @Value("${serai.stores.clock-tolerance:5m}") Duration tolerance) {
        this.stores = stores;
        this.counters = Set.copyOf(counters);
        this.tolerance = tolerance;
    }

    /** How the store syncs the entity; null where it does not. */
    public EntityRules rules(String storeId, String entityType) {
        StoreConfig config = stores.find(storeId).orElse(null);
        if (config == null) {
            return null;
        }
        Known made = known.get(storeId);
        if (made == null || made.config != config) {
            made = new Known(config, config.entities().stream().collect(Collectors.toMap(
                    EntityConfig::type, entity -> rules(entity, config.rules()))));
            known.put(storeId, made);
        }
        return made.rules.get(entityType);
    }

    /** Whether any store syncs the entity. */
    public boolean isSynced(String entityType) {
        return !stores.syncing(entityType).isEmpty();
    }

    /** An entity's rules with these in place of the configured ones. */
    public EntityRules rules(EntityConfig entity, List<SyncRule> rules) {
        String prefix = entity.type() + ".";
        Set<String> counted = counters.stream().map(String::strip).filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length())).collect(Collectors.toSet());
        return new EntityRules(new EntityRules.Settings(
                entity.type(),
                entity.direction().takesFromStore(),
                entity.strategy(),
                entity.fields(),
                entity.keyFields(),
                entity.modifiedField(),
                entity.deleteMarker().isOnlyMarker() ? entity.deleteMarker().field() : null,
                entity.filters(),
                entity.excludeFields(),
                counted,
                tolerance,
                rules));
    }
}
