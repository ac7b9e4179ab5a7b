package dev.serai.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The keys of this package.
 *
 * @param db of which only the URL matters here: empty is embedded mode
 * @param demo demo credentials also with an external database, on a loopback address
 */
@ConfigurationProperties("serai")
record AccessSettings(@DefaultValue Db db, @DefaultValue("false") boolean demo, @DefaultValue Admin admin, @DefaultValue Open access) {

    record Db(@DefaultValue("") String url) {

        boolean isEmbedded() {
            return url.isBlank();
        }

        /** Without the URL, which can carry a password. */
        @Override
        public String toString() {
            return "Db[embedded=" + isEmbedded() + "]";
        }
    }

    /** The first super admin. */
    record Admin(@DefaultValue("") String user, @DefaultValue("") String password) {

        boolean isMissing() {
            return user.isBlank() && password.isBlank();
        }

        boolean isComplete() {
            return !user.isBlank() && !password.isBlank();
        }

        @Override
        public String toString() {
            return "Admin[user=" + user + "]";
        }
    }

    /** @param open {@code auto}, {@code true} or {@code false} */
    record Open(@DefaultValue("auto") String open) {}
}
