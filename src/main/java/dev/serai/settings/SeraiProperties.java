package dev.serai.settings;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The hub's own settings. Paths are kept as text, since Spring reads a relative path as one of the class path where such a one exists.
 *
 * @param home where {@code routes/} and {@code config/} are read from
 * @param dataDir what the embedded database and the unpacked programs live in
 * @param bind the address to listen on; empty: loopback with the embedded database, all addresses with an external one
 * @param demo whether demo credentials exist on a loopback address also with an external database
 * @param publicUrl the address by which others reach the hub; empty: the one that the caller used
 * @param connectorUrl the connector service that serves slugs without a file of their own; empty: none
 * @param schedulehubUrl where applied records are forwarded to; empty: nowhere
 */
@Validated
@ConfigurationProperties("serai")
public record SeraiProperties(
        @NotBlank @DefaultValue(".") String home,
        @NotBlank @DefaultValue("./data") String dataDir,
        @DefaultValue("") String bind,
        @DefaultValue("false") boolean demo,
        @DefaultValue("") String publicUrl,
        @Valid @DefaultValue Db db,
        @DefaultValue("") String connectorUrl,
        @DefaultValue("") String schedulehubUrl) {

    /**
     * The database.
     *
     * @param url {@code jdbc:postgresql://…} or {@code postgresql://…}; empty: the embedded one
     * @param user taken from the URL where empty
     * @param password taken from the URL where empty
     * @param poolSize connections that this hub holds at most
     * @param binariesDir where the embedded server's programs are unpacked; empty: in the data directory
     */
    public record Db(
            @DefaultValue("") String url,
            @DefaultValue("") String user,
            @DefaultValue("") String password,
            @Min(2) @Max(1000) @DefaultValue("20") int poolSize,
            @DefaultValue("") String binariesDir) {

        /** Without the URL and the password, either of which can carry a secret. */
        @Override
        public String toString() {
            return "Db[user=" + user + ", poolSize=" + poolSize + "]";
        }
    }

    public Path homeDirectory() {
        return Path.of(home).toAbsolutePath().normalize();
    }

    public Path dataDirectory() {
        return Path.of(dataDir).toAbsolutePath().normalize();
    }

    /** Where the embedded server's programs are unpacked to. */
    public Path binariesDirectory() {
        return db.binariesDir().isBlank() ? dataDirectory().resolve("binaries") : Path.of(db.binariesDir()).toAbsolutePath();
    }
}
