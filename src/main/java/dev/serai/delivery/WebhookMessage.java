package dev.serai.delivery;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.serai.delivery.StoreDelivery.Content;
import dev.serai.rules.Values;
import java.nio.charset.StandardCharsets;

/** The body of an outgoing webhook; the same bytes for every attempt. */
final class WebhookMessage {

    private WebhookMessage() {}

    static byte[] body(StoreDelivery delivery) {
        Content content = delivery.content();
        ObjectNode message = Values.object()
                .put("event", delivery.key().entityType() + (content.deleted() ? ".deleted" : ".updated"))
                .put("store_id", delivery.storeId())
                .put("entity_type", delivery.key().entityType())
                .put("entity_id", delivery.key().key())
                .putRawValue("data", new RawValue(content.data()))
                .putRawValue("changed_fields", new RawValue(content.changedFields()))
                .put("modified_at", content.modifiedAt().toString());
        return Values.write(message).getBytes(StandardCharsets.UTF_8);
    }
}
