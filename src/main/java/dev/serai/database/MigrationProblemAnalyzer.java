package dev.serai.database;

import java.util.stream.Collectors;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why the database cannot be brought up to date, without a stack trace and without Flyway's advice, which is for its developers. */
class MigrationProblemAnalyzer extends AbstractFailureAnalyzer<FlywayException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FlywayException problem) {
        if (problem instanceof FlywayValidateException) {
            return new FailureAnalysis(
                    "The tables of the database are not those of this Serai or of one before it: " + differences(problem.getMessage()),
                    "Start the Serai that wrote the database last, or give this one a backup from before that. The data is left as it was.",
                    rootFailure);
        }
        if (problem.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
            return new FailureAnalysis(
                    "The database has tables of something else where Serai's would be.",
                    "Give Serai a database of its own (SERAI_DB_URL). The data is left as it was.",
                    rootFailure);
        }
        return new FailureAnalysis(
                "The database could not be brought up to date: " + problem.getMessage().strip(),
                "Mend what it says and start Serai again: what failed was taken back, and it goes on there.",
                rootFailure);
    }

    /** The lines that name migrations. */
    private static String differences(String message) {
        String differences = message.lines().filter(line -> line.matches(".*igration.*\\d.*")).map(String::strip).collect(Collectors.joining("; "));
        return differences.isEmpty() ? message : differences;
    }
}
