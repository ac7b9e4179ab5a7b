package dev.serai.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Set;
import org.springframework.transaction.TransactionSystemException;

/** Tells failures that lie in the way to the database from all others. */
public final class DatabaseFaults {

    /** Chains of causes are short; one that is not is a loop. */
    private static final int MOST_CAUSES = 20;
    /** A NUL: as a parameter, and within JSON. */
    private static final Set<String> NUL = Set.of("22021", "22P05");

    private DatabaseFaults() {}

    /** Whether the database is away, or takes no more callers: what failed may go well when it is tried again. */
    public static boolean isAway(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
            // Where not even a rollback was possible, the failure before it says why.
            boolean before = cause instanceof TransactionSystemException broken && broken.getApplicationException() != null
                    && isAway(broken.getApplicationException());
            if (before || cause instanceof SQLException sql && isAway(sql)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the statement was given a text that PostgreSQL neither stores nor looks for: one with a NUL character. */
    public static boolean isUnstorableText(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++, cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null && NUL.contains(sql.getSQLState())) {
                return true;
            }
        }
        return false;
    }

    /** What the failure began with, without the statement that met it. */
    public static String reason(Throwable failure) {
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < MOST_CAUSES; depth++) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private static boolean isAway(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return failure instanceof SQLTransientConnectionException
                || failure instanceof SQLNonTransientConnectionException
                // Connections, resources (memory, disk, slots), an operator's or a crash's end of the server, the system below it.
                || state.startsWith("08") || state.startsWith("53") || state.startsWith("57P") || state.startsWith("58");
    }
}
