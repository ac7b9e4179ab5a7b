package dev.serai.database;

import dev.serai.settings.StartupProblem;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** Turns what went wrong with the embedded server into what the operator can do about it. */
final class PostgresProblem {

    private static final String DISK_FULL = "No space left on device";

    private PostgresProblem() {
    }

    static StartupProblem of(DataDirectory directory, IOException fault) {
        if (String.valueOf(fault.getMessage()).contains(DISK_FULL)) {
            return diskFull(directory);
        }
        return new StartupProblem(
                "The embedded database in " + directory.path() + " cannot be prepared (" + DataDirectory.reason(fault) + ").",
                "Give the user that runs Serai the right to read and write everything in that directory, or set SERAI_DATA_DIR to another.",
                fault);
    }

    static StartupProblem of(DataDirectory directory, String program, String said) {
        if (said.contains(DISK_FULL)) {
            return diskFull(directory);
        }
        if (said.contains("Permission denied")) {
            return new StartupProblem(
                    program + " may not use the data directory " + directory.path() + ": " + essence(said),
                    "Put the data directory where the user that runs Serai may enter every directory on the way (SERAI_DATA_DIR).");
        }
        return new StartupProblem(
                program + " did not start in " + directory.path() + ": " + essence(said),
                "See " + directory.log() + " for all it said. The data is left as it was.");
    }

    static StartupProblem otherVersion(DataDirectory directory, String found) {
        return new StartupProblem(
                "The database in " + directory.cluster() + " was written by PostgreSQL " + found + "; this Serai brings PostgreSQL "
                        + PostgresBinaries.MAJOR_VERSION + ", which cannot open it.",
                "Start the Serai that wrote it, move its data with pg_dump and psql, or set SERAI_DATA_DIR to a new directory to begin"
                        + " anew. The old data is left as it was.");
    }

    static StartupProblem notDurable(DataDirectory directory, List<String> settings) {
        String reset = settings.stream().map(setting -> "ALTER SYSTEM RESET " + setting + ";").collect(Collectors.joining(" "));
        return new StartupProblem(
                "The database in " + directory.cluster() + " runs with " + String.join(", ", settings)
                        + " off, and could lose what Serai has accepted.",
                "Remove the lines of these settings from " + directory.cluster().resolve("postgresql.auto.conf") + " (what " + reset
                        + " would do).");
    }

    private static StartupProblem diskFull(DataDirectory directory) {
        return new StartupProblem(
                "The disk that holds the data directory " + directory.path() + " is full.",
                "Free at least 500 MB there, or set SERAI_DATA_DIR to a directory on another disk. What was accepted is safe.");
    }

    /** The lines that say why, without the program's progress report. */
    private static String essence(String said) {
        String reasons = said.lines()
                .filter(line -> line.contains("FATAL") || line.contains("PANIC") || line.contains("error:") || line.contains("HINT"))
                .map(line -> line.replaceFirst("^.*?(FATAL|PANIC|HINT|error):\\s*", ""))
                .limit(3)
                .collect(Collectors.joining(" "));
        return reasons.isEmpty() ? said.lines().reduce((first, last) -> last).orElse("it said nothing") : reasons;
    }
}
