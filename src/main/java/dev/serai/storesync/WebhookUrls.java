package dev.serai.storesync;

import dev.serai.store.StoreConfig;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Where a store sends its webhooks: on the address that the caller used, or on {@code SERAI_PUBLIC_URL}. */
@Component
class WebhookUrls {

    private final String publicUrl;

    WebhookUrls(@Value("${serai.public-url:}") String publicUrl) {
        this.publicUrl = publicUrl.strip().replaceAll("/+$", "");
    }

    List<String> of(StoreConfig store, String origin) {
        String base = publicUrl.isEmpty() ? origin : publicUrl;
        return store.entities().stream()
                .filter(entity -> entity.direction().takesFromStore())
                .map(entity -> base + "/v1/webhooks/" + store.storeId() + "/" + entity.type())
                .toList();
    }
}
