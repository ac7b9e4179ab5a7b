package dev.serai.access;

import java.util.Optional;
import java.util.UUID;

/** The credentials of the README's examples. They live in memory only, and only while the hub is in demo mode. */
class DemoCredentials {

    private static final String TOKEN_SECRET = "demo-token";
    private static final Caller USER = new Caller("user:demo", "demo", Role.SUPER_ADMIN, Scope.ALL, null);
    private static final Person PERSON = new Person(USER, new UUID(0, 0));
    private static final Caller TOKEN = new Caller("token:demo", "demo", Role.SUPER_ADMIN, Scope.ALL, null);
    private static final Caller KEY = new Caller("key:demo", "demo", Role.API_CLIENT, Scope.ALL, ApiKeyRequest.USUAL_LIMIT);

    private final boolean exist;

    DemoCredentials(AccessMode mode) {
        this.exist = mode.demo();
    }

    Optional<Person> user(String username, String password) {
        return exist && username.equals("demo") && password.equals("demo") ? Optional.of(PERSON) : Optional.empty();
    }

    Optional<Caller> token(String secret) {
        return exist && secret.equals(TOKEN_SECRET) ? Optional.of(TOKEN) : Optional.empty();
    }

    Optional<Caller> user(String username) {
        return exist && username.equals("demo") ? Optional.of(USER) : Optional.empty();
    }

    Optional<Caller> apiKey(String secret) {
        return exist && secret.equals("demo-api-key") ? Optional.of(KEY) : Optional.empty();
    }
}
