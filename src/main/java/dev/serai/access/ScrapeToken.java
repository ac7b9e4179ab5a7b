package dev.serai.access;

import dev.serai.settings.StartupProblem;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** What Prometheus presents. It is known from the settings, so that metrics tell that the database is away while it is. */
@Component
class ScrapeToken {

    private static final int SHORTEST = 16;
    private static final Caller CALLER = new Caller("token:metrics", "metrics", Role.SCRAPER, Scope.ALL, null);

    private final byte[] hash;

    ScrapeToken(@Value("${serai.metrics.token:}") String token) {
        if (!token.isBlank() && token.strip().length() < SHORTEST) {
            throw new StartupProblem("SERAI_METRICS_TOKEN has fewer than " + SHORTEST + " characters.", "Make one with: openssl rand -base64 32");
        }
        this.hash = token.isBlank() ? null : Secrets.hash(token.strip());
    }

    Optional<Caller> caller(String secret) {
        return hash != null && MessageDigest.isEqual(hash, Secrets.hash(secret)) ? Optional.of(CALLER) : Optional.empty();
    }
}
