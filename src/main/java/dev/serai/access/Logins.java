package dev.serai.access;

import dev.serai.web.ApiException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Lets people log in with name and password, and makes those who guess wait. */
@Component
public class Logins {

    private final Credentials credentials;
    private final Lockout lockout;
    private final Duration lifetime;

    Logins(Credentials credentials, Lockout lockout, @Value("${serai.access.login-lifetime:1h}") Duration lifetime) {
        this.credentials = credentials;
        this.lockout = lockout;
        this.lifetime = lifetime;
    }

    /** @param token a Bearer token with the user's role and scope */
    public record Login(String token, Duration lifetime) {

        @Override
        public String toString() {
            return "Login[lifetime=" + lifetime + "]";
        }
    }

    /**
     * Logs somebody in.
     *
     * @param address from which the caller comes
     * @throws ApiException 401 where name or password are wrong, 429 after repeated failures of this user or address
     */
    public Login login(String username, String password, String address) {
        return new Login(checked(username, address, () -> credentials.login(username, password, lifetime)).secret(), lifetime);
    }

    /** Who this is, for a session instead of a token. Refuses as {@link #login} does. */
    public Person signIn(String username, String password, String address) {
        return checked(username, address, () -> credentials.byPassword(username, password));
    }

    /** Whether somebody who has signed in still is who that was, with the password that it was. */
    public boolean isStill(Person person) {
        return credentials.byPasswordId(person.caller().label(), person.passwordId()).filter(person.caller()::equals).isPresent();
    }

    private <T> T checked(String username, String address, Supplier<Optional<T>> check) {
        return lockout.login(username, address, check).orElseThrow(() -> ApiException.of(401, "User name or password are wrong."));
    }
}
