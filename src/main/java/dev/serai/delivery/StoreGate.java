package dev.serai.delivery;

import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import org.springframework.stereotype.Component;

/** Whether deliveries to a store go out now; otherwise they wait. */
@Component
public class StoreGate {

    private final Stores stores;

    StoreGate(Stores stores) {
        this.stores = stores;
    }

    boolean isOpen(String storeId) {
        return whyClosed(storeId) == null;
    }

    /** For people: why deliveries to the store wait, or null where they go out. */
    public String whyClosed(String storeId) {
        StoreConfig store = stores.find(storeId).orElse(null);
        if (store == null || store.webhook() == null) {
            return "not sent: the store has no webhook endpoint";
        }
        if (store.paused()) {
            return "not sent: the store is paused";
        }
        if (!store.webhook().enabled()) {
            return "not sent: the store's webhook endpoint is disabled";
        }
        return stores.secrets(storeId).isEmpty() ? "not sent: the store has no secret to sign with; configure webhook_config.secret" : null;
    }
}
