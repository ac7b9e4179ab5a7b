package dev.serai.record;

import dev.serai.change.Failure;
import dev.serai.journal.Entry;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.TransactionException;

/** Classifies what fails a batch: is it the content of a row, or the state of the world? */
final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {}

    /**
     * Whether a row's own content fails the batch: invalid values (class 22), violated constraints (23), limits (54), or what we did not think
     * of, which must not keep the others from being applied.
     */
    static boolean liesInTheData(RuntimeException e) {
        if (e instanceof DuplicateKeyException || e instanceof TransactionException) {
            return false;
        }
        if (e instanceof DataAccessException fault) {
            String state = sqlState(fault);
            return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
        }
        return true;
    }

    /** The failure of the one row that was found. What PostgreSQL refuses once it refuses always. */
    static Failure failure(Entry entry, RuntimeException e) {
        if (e instanceof DataAccessException fault) {
            String message = fault.getMostSpecificCause().getMessage();
            String firstLine = message.lines().findFirst().orElse("PostgreSQL refused it");
            return new Failure(Failure.APPLY, "INVALID_DATA", "The record cannot be stored: " + firstLine, true);
        }
        LOG.error("The change {} of {} could not be applied", entry.seq(), entry.change().recordKey(), e);
        return new Failure(Failure.APPLY, "INTERNAL", "The hub failed to apply it: " + e, false);
    }

    private static String sqlState(DataAccessException e) {
        return e.getMostSpecificCause() instanceof SQLException sql && sql.getSQLState() != null ? sql.getSQLState() : "";
    }
}
