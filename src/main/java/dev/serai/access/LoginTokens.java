package dev.serai.access;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import dev.serai.database.DatabaseMode;
import dev.serai.settings.StartupProblem;
import dev.serai.web.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/**
 * Signs what people get who log in, and reads it again. A token names the user, the password that opened it and its end, nothing else: role and
 * scope are the user's at the time of the request. The key is {@code SERAI_JWT_KEY}; with the embedded database one is made in the data directory
 * when it is first needed.
 */
@Component
class LoginTokens {

    private static final int SHORTEST_KEY = 32;
    private static final String ISSUER = "serai";
    private static final String PASSWORD = "password_id";
    /** Every token of this header begins so; ours without a signature do not. */
    private static final String BEGINNING = "eyJ";

    private final String key;
    private final boolean embedded;
    private final Path keyFile;
    private final Clock clock;
    private NimbusJwtEncoder encoder;
    private NimbusJwtDecoder decoder;

    LoginTokens(
            @Value("${serai.access.jwt-key:}") String key,
            @Value("${serai.db.url:}") String databaseUrl,
            @Value("${serai.data-dir:./data}") String dataDirectory,
            Clock clock) {
        if (!key.isBlank() && key.strip().getBytes(StandardCharsets.UTF_8).length < SHORTEST_KEY) {
            throw new StartupProblem(
                    "SERAI_JWT_KEY has fewer than " + SHORTEST_KEY + " bytes.", "Make one with: openssl rand -base64 32");
        }
        this.key = key.strip();
        this.embedded = DatabaseMode.of(databaseUrl) == DatabaseMode.EMBEDDED;
        this.keyFile = Path.of(dataDirectory).toAbsolutePath().resolve("jwt.key");
        this.clock = clock;
    }

    static boolean isOne(String secret) {
        return secret.startsWith(BEGINNING);
    }

    /** @throws ApiException 503 where the hub has no key */
    Issued issue(Person person, Duration lifetime) {
        prepare();
        Instant now = clock.instant();
        String id = Secrets.nextId("login_");
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer(ISSUER).subject(person.caller().label()).id(id).issuedAt(now).expiresAt(now.plus(lifetime))
                .claim(PASSWORD, person.passwordId().toString()).build();
        JwsHeader header = JwsHeader.with(MacAlgorithm.HS256).build();
        return new Issued(id, encoder.encode(JwtEncoderParameters.from(header, claims)).getTokenValue());
    }

    /** Who has logged in, and with which password; null where a token does not tell, which only an older hub makes. */
    record Login(String username, UUID passwordId) {}

    /** Whose it is; empty where another key signed it, its time is over, or this hub has no key. */
    Optional<Login> read(String token) {
        if (key.isEmpty() && !embedded) {
            return Optional.empty();
        }
        prepare();
        try {
            // The validator lets it live through the very instant of its end.
            return Optional.of(decoder.decode(token)).filter(jwt -> clock.instant().isBefore(jwt.getExpiresAt()))
                    .map(jwt -> new Login(jwt.getSubject(), passwordId(jwt)));
        } catch (JwtException e) {
            return Optional.empty();
        }
    }

    private static UUID passwordId(Jwt jwt) {
        String id = jwt.getClaimAsString(PASSWORD);
        return id == null ? null : UUID.fromString(id);
    }

    private synchronized void prepare() {
        if (encoder != null) {
            return;
        }
        SecretKey secret = new SecretKeySpec((key.isEmpty() ? madeKey() : key).getBytes(StandardCharsets.UTF_8), "HmacSHA256");
        JwtTimestampValidator time = new JwtTimestampValidator(Duration.ZERO);
        time.setClock(clock);
        decoder = NimbusJwtDecoder.withSecretKey(secret).macAlgorithm(MacAlgorithm.HS256).build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(time, new JwtIssuerValidator(ISSUER)));
        encoder = new NimbusJwtEncoder(new ImmutableSecret<>(secret));
    }

    private String madeKey() {
        if (!embedded) {
            throw ApiException.of(503, "Nobody can log in yet: SERAI_JWT_KEY has to be set to the same random text of at least "
                    + SHORTEST_KEY + " bytes on every hub of this database (openssl rand -base64 32).");
        }
        try {
            if (!Files.exists(keyFile)) {
                Files.createDirectories(keyFile.getParent());
                Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(keyFile, Secrets.next("") + "\n");
            }
            return Files.readString(keyFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The key that signs logins cannot be kept in " + keyFile, e);
        }
    }
}
