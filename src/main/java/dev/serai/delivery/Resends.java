package dev.serai.delivery;

import dev.serai.delivery.Verdict.Kind;
import dev.serai.rules.Values;
import dev.serai.store.Secret;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.webhook.StandardWebhooks;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.springframework.stereotype.Component;

/** Asks a store to send all records of an entity once more, by a signed webhook of type {@code sync.requested}. */
@Component
public class Resends {

    private final Stores stores;
    private final WebhookClient client;
    private final Clock clock;

    Resends(Stores stores, WebhookClient client, Clock clock) {
        this.stores = stores;
        this.client = client;
        this.clock = clock;
    }

    /**
     * Asks once and waits for the answer. A store that does not know the event refuses it, which is fine.
     *
     * @param syncId   of the job that asks; the webhook's id is made of it, so that the same job asks only once
     * @param syncType {@code full} or {@code incremental}
     * @return {@code requested}, or why it was not
     */
    public String ask(StoreConfig store, String entityType, String syncId, String syncType) {
        List<String> secrets = stores.secrets(store.storeId()).stream().map(Secret::value).toList();
        if (store.webhook() == null || !store.webhook().enabled() || secrets.isEmpty()) {
            return "not asked: the store has no enabled webhook endpoint with a secret";
        }
        byte[] body = Values.write(Values.object()
                        .put("event", "sync.requested")
                        .put("store_id", store.storeId())
                        .put("entity_type", entityType)
                        .put("sync_id", syncId)
                        .put("sync_type", syncType))
                .getBytes(StandardCharsets.UTF_8);
        String id = "msg_" + syncId + "_" + entityType;
        Verdict verdict = client.post(
                store.webhook().endpoint(), body, StandardWebhooks.sign(id, clock.instant(), body, secrets)).join();
        return verdict.kind() == Kind.DELIVERED ? "requested" : "not taken: the endpoint " + verdict.reason();
    }
}
