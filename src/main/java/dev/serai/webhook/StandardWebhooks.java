package dev.serai.webhook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Signs as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> say. Its own Java library reads the system's clock and wants the
 * body as text, where the hub has a clock that can be set and bytes.
 */
public final class StandardWebhooks {

    static final String SECRET_PREFIX = "whsec_";

    private StandardWebhooks() {}

    /**
     * The headers of a webhook, with one signature for each secret.
     *
     * @param id the same for every attempt
     */
    public static Map<String, String> sign(String id, Instant sentAt, byte[] body, List<String> secrets) {
        String timestamp = Long.toString(sentAt.getEpochSecond());
        byte[] prefix = prefix(id, timestamp);
        List<String> signatures = new ArrayList<>();
        for (String secret : secrets) {
            for (byte[] key : keys(secret)) {
                signatures.add("v1," + Base64.getEncoder().encodeToString(Hmac.of(key, prefix, body)));
            }
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", timestamp);
        headers.put("webhook-signature", String.join(" ", signatures));
        return headers;
    }

    /** Whether a secret can sign: what follows {@code whsec_} has to be base64. */
    public static boolean isUsable(String secret) {
        return !secret.startsWith(SECRET_PREFIX)
                || Hmac.base64(secret.substring(SECRET_PREFIX.length())).filter(key -> key.length > 0).isPresent();
    }

    static byte[] prefix(String id, String timestamp) {
        return Hmac.utf8(id + "." + timestamp + ".");
    }

    /**
     * The keys that a secret stands for: what follows {@code whsec_}, as base64. Without that prefix some libraries take the text itself and
     * others read it as base64 where it is that, so that both are good.
     */
    static List<byte[]> keys(String secret) {
        List<byte[]> keys = new ArrayList<>(2);
        if (secret.startsWith(SECRET_PREFIX)) {
            keys.add(Hmac.base64(secret.substring(SECRET_PREFIX.length())).orElseGet(() -> Hmac.utf8(secret)));
        } else {
            keys.add(Hmac.utf8(secret));
            Hmac.base64(secret).ifPresent(keys::add);
        }
        keys.removeIf(key -> key.length == 0);
        return keys;
    }
}
