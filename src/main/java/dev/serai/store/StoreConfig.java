package dev.serai.store;

import dev.serai.rules.SyncRule;
import java.util.List;

/**
 * One store's configuration, as of one version.
 *
 * @param paused  its changes are accepted and kept, but neither applied nor sent
 * @param webhook null where the store wants no webhooks
 */
public record StoreConfig(
        String storeId,
        int version,
        boolean paused,
        Frequency frequency,
        List<EntityConfig> entities,
        List<SyncRule> rules,
        WebhookTarget webhook) {

    public StoreConfig {
        entities = List.copyOf(entities);
        rules = List.copyOf(rules);
    }

    /** The entity's configuration, or null where the store does not sync it. */
    public EntityConfig entity(String type) {
        for (EntityConfig entity : entities) {
            if (entity.type().equals(type)) {
                return entity;
            }
        }
        return null;
    }

    StoreConfig withVersion(int changed) {
        return new StoreConfig(storeId, changed, paused, frequency, entities, rules, webhook);
    }

    public StoreConfig withRules(List<SyncRule> changed) {
        return new StoreConfig(storeId, version, paused, frequency, entities, changed, webhook);
    }

    /** With this entity in place of the one of the same type. */
    public StoreConfig withEntity(EntityConfig changed) {
        List<EntityConfig> all = entities.stream().map(entity -> entity.type().equals(changed.type()) ? changed : entity).toList();
        return new StoreConfig(storeId, version, paused, frequency, all, rules, webhook);
    }

    public StoreConfig withWebhook(WebhookTarget changed) {
        return new StoreConfig(storeId, version, paused, frequency, entities, rules, changed);
    }
}
