package dev.serai.access;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Recognises callers by what they present, and lets people log in. For handshakes and logins; requests are recognised by themselves. */
@Component
public class Credentials {

    /** Longer than any secret of ours, shorter than what is worth hashing. */
    private static final int LONGEST = 512;

    private final Users users;
    private final Tokens tokens;
    private final ApiKeys apiKeys;
    private final DemoCredentials demo;

    Credentials(Users users, Tokens tokens, ApiKeys apiKeys, DemoCredentials demo) {
        this.users = users;
        this.tokens = tokens;
        this.apiKeys = apiKeys;
        this.demo = demo;
    }

    /** @param secret the token itself, without {@code Bearer} */
    public Optional<Caller> byToken(String secret) {
        return isPlausible(secret) ? first(demo.token(secret), () -> tokens.find(secret)) : Optional.empty();
    }

    public Optional<Caller> byApiKey(String secret) {
        return isPlausible(secret) ? first(demo.apiKey(secret), () -> apiKeys.find(secret)) : Optional.empty();
    }

    public Optional<Caller> byPassword(String username, String password) {
        boolean plausible = isPlausible(username) && isPlausible(password);
        return plausible ? first(demo.user(username, password), () -> users.find(username, password)) : Optional.empty();
    }

    /**
     * A token with the user's role and scope that ends by itself; empty where name or password are wrong.
     * The demo user gets the demo token: a row of its own would outlive the demo.
     */
    public Optional<Issued> login(String username, String password, Duration lifetime) {
        return byPassword(username, password).map(user -> demo.isUser(user)
                ? demo.issued()
                : tokens.issue("login of " + username, user.role(), user.scope(), lifetime, user.id()));
    }

    /** @param header the value of {@code Authorization} */
    Optional<Caller> byAuthorization(String header) {
        int space = header.indexOf(' ');
        String scheme = space < 0 ? header : header.substring(0, space);
        String value = space < 0 ? "" : header.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("Bearer")) {
            return byToken(value);
        }
        return scheme.equalsIgnoreCase("Basic") ? byBasic(value) : Optional.empty();
    }

    private Optional<Caller> byBasic(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : byPassword(pair.substring(0, colon), pair.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** PostgreSQL takes no NUL in a text; nobody's name or secret has one. */
    private static boolean isPlausible(String text) {
        return text != null && !text.isEmpty() && text.length() <= LONGEST && text.indexOf('\0') < 0;
    }

    private static Optional<Caller> first(Optional<Caller> known, Supplier<Optional<Caller>> otherwise) {
        return known.isPresent() ? known : otherwise.get();
    }
}
