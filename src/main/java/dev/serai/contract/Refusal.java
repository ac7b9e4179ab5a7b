package dev.serai.contract;

import java.util.List;

/** A request that breaks its contract. Not an error of the hub: it is answered, not logged. */
public final class Refusal extends RuntimeException {

    private final int status;
    private final transient List<Violation> violations;

    Refusal(int status, String message, List<Violation> violations) {
        // No stack trace: a refusal is an answer, and bad clients must be cheap.
        super(message, null, false, false);
        this.status = status;
        this.violations = violations;
    }

    public int status() {
        return status;
    }

    /** Where the request is wrong; empty where it could not be read at all, then the message says all. */
    public List<Violation> violations() {
        return violations;
    }
}
