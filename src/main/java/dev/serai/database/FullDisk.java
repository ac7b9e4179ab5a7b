package dev.serai.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** Whether the database lately had no room for what was to be written. The pool shows it whatever a statement failed with. */
@Component
public class FullDisk implements SQLExceptionOverride {

    private static final Duration LATELY = Duration.ofMinutes(1);

    private final Clock clock;
    private volatile Instant refused = Instant.EPOCH;

    FullDisk(Clock clock) {
        this.clock = clock;
    }

    /** A full disk is no reason to give up the connection, nor is any other failure by this. */
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException failure) {
        if (DatabaseFaults.isFull(failure)) {
            refused = clock.instant();
        }
        return SQLExceptionOverride.Override.CONTINUE_EVICT;
    }

    /** For a minute after a statement was refused for want of room: what writes little may go well in between. */
    public boolean wasMetLately() {
        return Duration.between(refused, clock.instant()).compareTo(LATELY) <= 0;
    }
}
