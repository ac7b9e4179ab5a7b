package dev.serai.access;

import java.time.Duration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets tokens that expired long ago (until then they are listed, so that people see why a client is refused), and failed logins. */
@Component
class TokenHousekeeping {

    private static final Duration LISTED_FOR = Duration.ofDays(30);

    private final Tokens tokens;
    private final Lockout lockout;

    TokenHousekeeping(Tokens tokens, Lockout lockout) {
        this.tokens = tokens;
        this.lockout = lockout;
    }

    @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
    void forgetExpired() {
        tokens.forgetExpired(LISTED_FOR);
        lockout.forgetOld();
    }
}
