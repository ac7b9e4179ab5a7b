package dev.serai.access;

import java.time.Duration;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Forgets tokens that expired long ago. Until then they are listed, so that people see why a client is refused. */
@Component
class TokenHousekeeping {

    private static final Duration LISTED_FOR = Duration.ofDays(30);

    private final Tokens tokens;

    TokenHousekeeping(Tokens tokens) {
        this.tokens = tokens;
    }

    @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
    void forgetExpired() {
        tokens.forgetExpired(LISTED_FOR);
    }
}
