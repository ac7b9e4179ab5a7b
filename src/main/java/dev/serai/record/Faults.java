package dev.serai.record;

import dev.serai.change.Failure;
import java.sql.SQLException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;

/** Classifies what PostgreSQL says of a batch: is it the content of a row, or the state of the world? */
final class Faults {

    private Faults() {}

    /** Whether a row's own content fails the statement: invalid values (class 22), violated constraints (23), limits (54). */
    static boolean liesInTheData(DataAccessException e) {
        if (e instanceof DuplicateKeyException) {
            return false;
        }
        String state = sqlState(e);
        return state.startsWith("22") || state.startsWith("23") || state.startsWith("54");
    }

    /** The failure of the one row that was found. What PostgreSQL refuses once it refuses always. */
    static Failure failure(DataAccessException e) {
        String message = e.getMostSpecificCause().getMessage();
        String firstLine = message.lines().findFirst().orElse("PostgreSQL refused it");
        return new Failure(Failure.APPLY, "INVALID_DATA", "The record cannot be stored: " + firstLine, true);
    }

    private static String sqlState(DataAccessException e) {
        return e.getMostSpecificCause() instanceof SQLException sql && sql.getSQLState() != null ? sql.getSQLState() : "";
    }
}
