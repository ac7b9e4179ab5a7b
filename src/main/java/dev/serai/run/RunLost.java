package dev.serai.run;

import java.util.UUID;

/** This hub no longer owns the run: it was taken for dead, and another hub goes on. Whatever it was about to write is rolled back. */
public class RunLost extends RuntimeException {

    RunLost(UUID runId) {
        super("Run " + runId + " belongs to another hub now");
    }
}
