package dev.serai.watch;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Keeps the trail as long as {@code serai.audit.keep} says. */
@Component
class AuditHousekeeping {

    /** One statement takes no longer than is good for those who write meanwhile. */
    private static final int AT_A_TIME = 10_000;

    private final Audit audit;
    private final Duration keep;

    AuditHousekeeping(Audit audit, @Value("${serai.audit.keep:400d}") Duration keep) {
        this.audit = audit;
        this.keep = keep;
    }

    @Scheduled(initialDelayString = "PT15M", fixedDelayString = "PT1H")
    void forgetOld() {
        int forgotten;
        do {
            forgotten = audit.forget(keep, AT_A_TIME);
        } while (forgotten == AT_A_TIME);
    }
}
