package dev.serai.webhook;

import dev.serai.webhook.SignatureStyle.Claim;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Says whether a webhook was signed with one of a store's secrets, in whichever style. */
final class Signatures {

    /** How far a style's own timestamp may be from the hub's clock, either way. */
    static final Duration TOLERANCE = Duration.ofMinutes(5);

    /** Stands in for the secrets of a store that has none, so that it takes as long to refuse as any other. */
    private static final List<String> NO_SECRETS = List.of("whsec_bm8gc3RvcmUgaGFzIHRoaXMgc2VjcmV0IG9mIGl0cyBvd24=");

    private Signatures() {}

    /**
     * A webhook whose signature is good.
     *
     * @param id       by which its sender recognises it, or null
     * @param signedAt null where the style has no timestamp
     */
    record Verified(SignatureStyle style, String id, Instant signedAt) {}

    /** Empty where no signature is good; one of several is enough. */
    static Optional<Verified> verify(UnaryOperator<String> headers, byte[] body, List<String> secrets, Instant now) {
        List<Verified> good = new ArrayList<>();
        for (SignatureStyle style : SignatureStyle.values()) {
            Optional<Claim> claim = style.read(headers);
            if (claim.isPresent() && isSigned(style, claim.get(), body, secrets.isEmpty() ? NO_SECRETS : secrets)
                    && isTimely(claim.get().signedAt(), now)) {
                String id = claim.get().id();
                good.add(new Verified(style, id == null || id.isBlank() ? null : id, claim.get().signedAt()));
            }
        }
        return secrets.isEmpty() ? Optional.empty() : good.stream().findFirst();
    }

    private static boolean isSigned(SignatureStyle style, Claim claim, byte[] body, List<String> secrets) {
        boolean good = false;
        for (String secret : secrets) {
            for (byte[] key : style.keys(secret)) {
                good |= Hmac.isAmong(claim.signatures(), Hmac.of(key, claim.prefix(), body));
            }
        }
        return good;
    }

    private static boolean isTimely(Instant signedAt, Instant now) {
        return signedAt == null || !signedAt.isBefore(now.minus(TOLERANCE)) && !signedAt.isAfter(now.plus(TOLERANCE));
    }
}
