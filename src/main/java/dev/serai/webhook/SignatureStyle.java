package dev.serai.webhook;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** How stores sign their webhooks. Each style reads its own headers; all are HMAC-SHA256 over the raw body and what stands before it. */
enum SignatureStyle {

    /** {@code webhook-id}, {@code webhook-timestamp}, {@code webhook-signature: v1,<base64> v1,…} over {@code id.timestamp.body}. */
    STANDARD {
        @Override
        Optional<Claim> read(UnaryOperator<String> headers) {
            return standard("webhook-", headers);
        }
    },
    /** The same under its older names. */
    SVIX {
        @Override
        Optional<Claim> read(UnaryOperator<String> headers) {
            return standard("svix-", headers);
        }
    },
    /** {@code X-Shopify-Hmac-Sha256: <base64>} over the body. */
    SHOPIFY {
        @Override
        Optional<Claim> read(UnaryOperator<String> headers) {
            String id = Optional.ofNullable(headers.apply("X-Shopify-Webhook-Id")).orElse(headers.apply("X-Shopify-Event-Id"));
            return Optional.ofNullable(headers.apply("X-Shopify-Hmac-Sha256"))
                    .map(text -> new Claim(NOTHING, decoded(Stream.of(text), false), null, id));
        }
    },
    /** {@code X-WC-Webhook-Signature: <base64>} over the body. */
    WOOCOMMERCE {
        @Override
        Optional<Claim> read(UnaryOperator<String> headers) {
            return Optional.ofNullable(headers.apply("X-WC-Webhook-Signature"))
                    .map(text -> new Claim(NOTHING, decoded(Stream.of(text), false), null, headers.apply("X-WC-Webhook-Delivery-ID")));
        }
    },
    /** {@code X-Hub-Signature-256: sha256=<hex>} over the body. */
    GITHUB {
        @Override
        Optional<Claim> read(UnaryOperator<String> headers) {
            return Optional.ofNullable(headers.apply("X-Hub-Signature-256"))
                    .map(text -> new Claim(NOTHING, decoded(valued(text, ",", "sha256="), true), null, headers.apply("X-GitHub-Delivery")));
        }
    },
    /** {@code Stripe-Signature: t=<seconds>,v1=<hex>,v1=…} over {@code t.body}. Its id is in the body. */
    STRIPE {
        @Override
        Optional<Claim> read(UnaryOperator<String> headers) {
            String header = headers.apply("Stripe-Signature");
            if (header == null) {
                return Optional.empty();
            }
            String time = valued(header, ",", "t=").findFirst().orElse("");
            return Optional.of(new Claim(Hmac.utf8(time + "."), decoded(valued(header, ",", "v1="), true), seconds(time), null));
        }
    };

    /** What a request's headers say of its signature, nothing of which is believed yet. */
    record Claim(byte[] prefix, List<byte[]> signatures, Instant signedAt, String id) {}

    private static final byte[] NOTHING = {};
    /** A signature that no clock can make good. */
    private static final Instant NEVER = Instant.MIN;

    /** Empty where this style was not used. */
    abstract Optional<Claim> read(UnaryOperator<String> headers);

    /** The keys that a secret stands for in this style. */
    List<byte[]> keys(String secret) {
        return this == STANDARD || this == SVIX ? StandardWebhooks.keys(secret) : secret.isEmpty() ? List.of() : List.of(Hmac.utf8(secret));
    }

    private static Optional<Claim> standard(String names, UnaryOperator<String> headers) {
        String id = headers.apply(names + "id");
        String time = headers.apply(names + "timestamp");
        String signatures = headers.apply(names + "signature");
        return id == null || id.isBlank() || time == null || signatures == null
                ? Optional.empty()
                : Optional.of(new Claim(
                        StandardWebhooks.prefix(id, time), decoded(valued(signatures, " ", "v1,"), false), seconds(time), id));
    }

    private static Stream<String> valued(String text, String separator, String name) {
        return Arrays.stream(text.split(separator)).map(String::strip).filter(part -> part.startsWith(name))
                .map(part -> part.substring(name.length()));
    }

    private static List<byte[]> decoded(Stream<String> texts, boolean hex) {
        return texts.map(text -> hex ? Hmac.hex(text) : Hmac.base64(text)).flatMap(Optional::stream).toList();
    }

    private static Instant seconds(String text) {
        return text.matches("\\d{1,11}") ? Instant.ofEpochSecond(Long.parseLong(text)) : NEVER;
    }
}
