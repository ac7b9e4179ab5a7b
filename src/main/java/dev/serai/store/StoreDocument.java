package dev.serai.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.rules.FieldFilter;
import dev.serai.rules.SyncRule;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.TreeSet;
import org.springframework.stereotype.Component;

/** A configuration as JSON: as the API shows it, and as it is kept. */
@Component
public class StoreDocument {

    static final String STRATEGY = "last_write_wins";

    private final ObjectMapper json;

    StoreDocument(ObjectMapper json) {
        this.json = json;
    }

    public ObjectNode write(StoreConfig config) {
        ObjectNode document = json.createObjectNode();
        document.put("sync_frequency", config.frequency().text());
        ArrayNode entities = document.putArray("entities");
        config.entities().forEach(entity -> entities.add(write(entity)));
        if (config.webhook() != null) {
            document.putObject("webhook_config")
                    .put("endpoint", config.webhook().endpoint().toString())
                    .put("enabled", config.webhook().enabled());
        }
        ArrayNode rules = document.putArray("rules");
        config.rules().forEach(rule -> rules.addObject()
                .put("name", rule.name())
                .put("entity_type", rule.entityType())
                .put("field", rule.field())
                .put("condition", rule.condition())
                .put("action", rule.action()));
        return document;
    }

    private ObjectNode write(EntityConfig entity) {
        ObjectNode node = json.createObjectNode()
                .put("type", entity.type())
                .put("direction", entity.direction().text())
                .put("conflict_resolution", entity.strategy());
        entity.fields().forEach(node.putArray("fields")::add);
        entity.keyFields().forEach(node.putArray("key_fields")::add);
        node.put("modified_field", entity.modifiedField());
        ObjectNode marker = node.putObject("delete_marker").put("field", entity.deleteMarker().field());
        if (entity.deleteMarker().value() != null) {
            marker.set("value", entity.deleteMarker().value());
        }
        node.put("connector", entity.connector());
        node.put("share_stores", entity.shareStores());
        ArrayNode filters = node.putArray("filters");
        entity.filters().forEach(filter ->
                filters.addObject().put("field", filter.field()).put("operator", filter.operator()).set("value", filter.value()));
        new TreeSet<>(entity.excludeFields()).forEach(node.putArray("exclude_fields")::add);
        return node;
    }

    StoreConfig read(String storeId, int version, boolean paused, String text) {
        try {
            JsonNode document = json.readTree(text);
            List<EntityConfig> entities = new ArrayList<>();
            document.path("entities").forEach(entity -> entities.add(readEntity(entity)));
            List<SyncRule> rules = new ArrayList<>();
            document.path("rules").forEach(rule -> rules.add(new SyncRule(
                    text(rule, "name"), text(rule, "entity_type"), text(rule, "field"), text(rule, "condition"), text(rule, "action"))));
            return new StoreConfig(
                    storeId, version, paused, Frequency.of(document.path("sync_frequency").asText()), entities, rules,
                    readWebhook(document.path("webhook_config")));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The configuration of store " + storeId + " is no JSON", e);
        }
    }

    /** An entity's part of a configuration; what is missing has its usual value. */
    public EntityConfig readEntity(JsonNode node) {
        List<FieldFilter> filters = new ArrayList<>();
        node.path("filters").forEach(f -> filters.add(new FieldFilter(text(f, "field"), text(f, "operator"), f.path("value"))));
        List<String> keyFields = texts(node.path("key_fields"));
        JsonNode marker = node.path("delete_marker");
        return new EntityConfig(
                text(node, "type"),
                node.hasNonNull("direction") ? Direction.of(text(node, "direction")) : Direction.BIDIRECTIONAL,
                node.hasNonNull("conflict_resolution") ? text(node, "conflict_resolution") : STRATEGY,
                texts(node.path("fields")),
                keyFields.isEmpty() ? List.of("id") : keyFields,
                node.hasNonNull("modified_field") ? text(node, "modified_field") : "updated_at",
                marker.isObject() ? new DeleteMarker(text(marker, "field"), marker.get("value")) : DeleteMarker.USUAL,
                filters,
                new LinkedHashSet<>(texts(node.path("exclude_fields"))),
                text(node, "connector"),
                node.path("share_stores").asBoolean(true));
    }

    private static WebhookTarget readWebhook(JsonNode node) {
        return node.hasNonNull("endpoint")
                ? new WebhookTarget(URI.create(text(node, "endpoint")), node.path("enabled").asBoolean(true))
                : null;
    }

    private static String text(JsonNode node, String field) {
        return node.hasNonNull(field) ? node.get(field).asText() : null;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
