package dev.serai.store;

import dev.serai.database.DatabaseMode;
import dev.serai.web.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.crypto.encrypt.AesBytesEncryptor;
import org.springframework.security.crypto.encrypt.AesBytesEncryptor.CipherAlgorithm;
import org.springframework.security.crypto.encrypt.BytesEncryptor;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.stereotype.Component;

/**
 * Encrypts what has to be read again, with AES-GCM. The key is {@code SERAI_SECRET_KEY}; with the embedded database one is made in the data
 * directory when it is first needed.
 */
@Component
class Seal {

    private static final int SHORTEST_KEY = 32;
    /** The key is long and random, so that a salt would add nothing. */
    private static final String SALT = "5365726169";
    private static final int INITIALIZATION_VECTOR = 12;

    private final String key;
    private final boolean embedded;
    private final Path keyFile;
    private BytesEncryptor encryptor;

    Seal(
            @Value("${serai.secret-key:}") String key,
            @Value("${serai.db.url:}") String databaseUrl,
            @Value("${serai.data-dir:./data}") String dataDirectory) {
        if (!key.isBlank() && key.strip().length() < SHORTEST_KEY) {
            throw new IllegalArgumentException("SERAI_SECRET_KEY has fewer than " + SHORTEST_KEY
                    + " characters. Make one with: openssl rand -base64 32");
        }
        this.key = key.strip();
        this.embedded = DatabaseMode.of(databaseUrl) == DatabaseMode.EMBEDDED;
        this.keyFile = Path.of(dataDirectory).toAbsolutePath().resolve("secret.key");
    }

    /** @throws ApiException 409 where the hub has no key */
    byte[] close(String secret) {
        return encryptor().encrypt(secret.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws IllegalStateException where it was closed with another key */
    String open(byte[] sealed) {
        return new String(encryptor().decrypt(sealed), StandardCharsets.UTF_8);
    }

    private synchronized BytesEncryptor encryptor() {
        if (encryptor == null) {
            encryptor = new AesBytesEncryptor(
                    key.isEmpty() ? madeKey() : key, SALT, KeyGenerators.secureRandom(INITIALIZATION_VECTOR), CipherAlgorithm.GCM);
        }
        return encryptor;
    }

    private String madeKey() {
        if (!embedded) {
            throw ApiException.conflict("This hub cannot keep secrets: set SERAI_SECRET_KEY to the same random text of at least "
                    + SHORTEST_KEY + " characters on every hub of this database (openssl rand -base64 32), and start it again.");
        }
        try {
            if (!Files.exists(keyFile)) {
                byte[] random = new byte[32];
                new SecureRandom().nextBytes(random);
                Files.createDirectories(keyFile.getParent());
                Files.createFile(keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(keyFile, Base64.getEncoder().encodeToString(random) + "\n");
            }
            return Files.readString(keyFile).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("The key of the stores' secrets cannot be kept in " + keyFile, e);
        }
    }
}
