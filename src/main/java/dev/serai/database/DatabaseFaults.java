package dev.serai.database;

import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLTransientConnectionException;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.transaction.TransactionSystemException;

/** Tells failures that lie in the way to the database from all others. */
public final class DatabaseFaults {

    /** Chains of causes are short; one that is not is a loop. */
    private static final int MOST_CAUSES = 20;
    /** All that Hikari says of a connection that it gave up because it broke. */
    private static final String CLOSED_BY_THE_POOL = "Connection is closed";
    private static final String DISK_FULL = "53100";
    /** A NUL: as a parameter, and within JSON. */
    private static final Set<String> NUL = Set.of("22021", "22P05");

    private DatabaseFaults() {}

    /** Whether the database is away, or takes no more callers: what failed may go well when it is tried again. */
    public static boolean isAway(Throwable failure) {
        return causes(failure).anyMatch(cause ->
                // Where not even a rollback was possible, the failure before it says why.
                cause instanceof TransactionSystemException broken && broken.getApplicationException() != null
                                && isAway(broken.getApplicationException())
                        || cause instanceof SQLException sql && isAway(sql));
    }

    /** Whether the server has no room on its disk. */
    public static boolean isFull(Throwable failure) {
        return causes(failure).anyMatch(cause -> cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState()));
    }

    /** Whether the statement was given a text that PostgreSQL neither stores nor looks for: one with a NUL character. */
    public static boolean isUnstorableText(Throwable failure) {
        return causes(failure).anyMatch(cause -> cause instanceof SQLException sql && sql.getSQLState() != null && NUL.contains(sql.getSQLState()));
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(MOST_CAUSES);
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
                || CLOSED_BY_THE_POOL.equals(failure.getMessage())
                // Connections, resources (memory, disk, slots), an operator's or a crash's end of the server, the system below it.
                || state.startsWith("08") || state.startsWith("53") || state.startsWith("57P") || state.startsWith("58");
    }
}
