package dev.serai.database;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.exception.FlywayValidateException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says why the database cannot be brought up to date, without a stack trace and without Flyway's advice, which is for its developers. */
class MigrationProblemAnalyzer extends AbstractFailureAnalyzer<FlywayException> {

    /** A line that names a migration which the database has and this hub has not. */
    private static final Predicate<String> UNKNOWN = Pattern.compile("applied migration not resolved locally").asPredicate();

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FlywayException problem) {
        if (problem instanceof FlywayValidateException) {
            return new FailureAnalysis(otherTables(problem.getMessage()),
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

    private static String otherTables(String message) {
        List<String> differences = message.lines().filter(line -> line.matches(".*igration.*\\d.*")).map(String::strip).toList();
        if (!differences.isEmpty() && differences.stream().allMatch(UNKNOWN)) {
            String versions = differences.stream().map(line -> "V" + line.replaceAll("\\D", "")).collect(Collectors.joining(", "));
            return "A newer Serai has changed the tables of the database: this one does not know " + versions + ".";
        }
        return "The tables of the database are not those of this Serai or of one before it: "
                + (differences.isEmpty() ? message : String.join("; ", differences));
    }
}
