package dev.serai.storesync;

import dev.serai.run.Run;
import java.util.Optional;
import java.util.UUID;

/** A job's id as the API spells it: {@code job_} and a UUID. */
final class JobId {

    private static final String PREFIX = "job_";

    private JobId() {}

    static String text(UUID jobId) {
        return PREFIX + jobId;
    }

    /** The job of a run, or a run that belongs to none. */
    static String of(Run run) {
        return text(run.jobId() == null ? run.runId() : run.jobId());
    }

    static Optional<UUID> read(String text) {
        try {
            return Optional.of(UUID.fromString(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
