package dev.serai.access;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
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
    private final ScrapeToken scrape;
    private final LoginTokens logins;
    private final Lockout lockout;

    Credentials(
            Users users, Tokens tokens, ApiKeys apiKeys, DemoCredentials demo, ScrapeToken scrape, LoginTokens logins, Lockout lockout) {
        this.users = users;
        this.tokens = tokens;
        this.apiKeys = apiKeys;
        this.demo = demo;
        this.scrape = scrape;
        this.logins = logins;
        this.lockout = lockout;
    }

    /** @param secret the token itself, without {@code Bearer} */
    public Optional<Caller> byToken(String secret) {
        if (!isPlausible(secret)) {
            return Optional.empty();
        }
        return LoginTokens.isOne(secret) ? byLogin(secret) : first(demo.token(secret), () -> tokens.find(secret));
    }

    public Optional<Caller> byApiKey(String secret) {
        return isPlausible(secret) ? first(demo.apiKey(secret), () -> apiKeys.find(secret)) : Optional.empty();
    }

    Optional<Person> byPassword(String username, String password) {
        boolean plausible = isPlausible(username) && isPlausible(password);
        return plausible ? first(demo.user(username, password), () -> users.find(username, password)) : Optional.empty();
    }

    /** A signed token that ends by itself, with the user's role and scope; empty where name or password are wrong. */
    public Optional<Issued> login(String username, String password, Duration lifetime) {
        return byPassword(username, password).map(person -> logins.issue(person, lifetime));
    }

    /** The user may have changed since it logged in, or be gone. */
    private Optional<Caller> byLogin(String token) {
        return logins.read(token).flatMap(login -> byPasswordId(login.username(), login.passwordId()));
    }

    Optional<Caller> byPasswordId(String username, UUID passwordId) {
        return first(demo.user(username), () -> users.find(username, passwordId));
    }

    /**
     * Recognises whoever presents a token or a password.
     *
     * @param header  the value of {@code Authorization}
     * @param address from which the caller comes
     * @throws dev.serai.web.ApiException 429 where passwords of this user, or from this address, were wrong too often
     */
    public Optional<Caller> byAuthorization(String header, String address) {
        int space = header.indexOf(' ');
        String scheme = space < 0 ? header : header.substring(0, space);
        String value = space < 0 ? "" : header.substring(space + 1).strip();
        if (scheme.equalsIgnoreCase("Bearer")) {
            return first(scrape.caller(value), () -> byToken(value));
        }
        return scheme.equalsIgnoreCase("Basic") ? byBasic(value, address) : Optional.empty();
    }

    private Optional<Caller> byBasic(String encoded, String address) {
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        String pair = new String(decoded, StandardCharsets.UTF_8);
        int colon = pair.indexOf(':');
        String username = pair.substring(0, Math.max(0, colon));
        if (!isPlausible(username)) {
            return Optional.empty();
        }
        return lockout.request(username, address, () -> byPassword(username, pair.substring(colon + 1))).map(Person::caller);
    }

    /** PostgreSQL takes no NUL in a text; nobody's name or secret has one. */
    private static boolean isPlausible(String text) {
        return text != null && !text.isEmpty() && text.length() <= LONGEST && text.indexOf('\0') < 0;
    }

    private static <T> Optional<T> first(Optional<T> known, Supplier<Optional<T>> otherwise) {
        return known.isPresent() ? known : otherwise.get();
    }
}
