package dev.serai.journal;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The journal's partitions, one a month: made ahead, and dropped whole when they are past their time and nobody needs a row of them. A record
 * stays as it is when its versions' rows go; its history then begins later than its first version.
 */
@Component("journalPartitions")
public class JournalPartitions {

    private static final Logger log = LoggerFactory.getLogger(JournalPartitions.class);

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'journal_'uuuu_MM");
    private static final int MONTHS_AHEAD = 2;

    /** Taken by the hub that is at it; the first half of our advisory locks tells it apart from others. */
    private static final String LOCK = "SELECT pg_try_advisory_xact_lock(7303, 0)";

    private static final String MONTHS = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'journal'::regclass AND c.relname ~ '^journal_[0-9]{4}_[0-9]{2}$' ORDER BY 1""";

    private static final String IN_DEFAULT = "SELECT EXISTS (SELECT 1 FROM journal_default WHERE accepted_at >= ?::timestamptz AND accepted_at < ?::timestamptz)";

    /** What is undecided or may be replayed is read from the journal, and so is what is on its way out. */
    private static final String NEEDED = """
            SELECT EXISTS (SELECT 1 FROM %s WHERE outcome IN ('ACCEPTED', 'HELD', 'CONFLICT', 'RETRY', 'DEAD'))
                OR EXISTS (SELECT 1 FROM delivery WHERE accepted_at >= ?::timestamptz AND accepted_at < ?::timestamptz)""";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Duration keep;

    JournalPartitions(
            JdbcTemplate jdbc, PlatformTransactionManager transactions, Clock clock, @Value("${serai.journal.keep}") Duration keep) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
        this.keep = keep;
    }

    /** Makes the partitions of the months to come, and drops those past their time; the route {@code upkeep-keep-journal} calls it. */
    public void keep() {
        transaction.executeWithoutResult(status -> {
            if (Boolean.TRUE.equals(jdbc.queryForObject(LOCK, Boolean.class))) {
                // Rather later than that everyone waits behind us.
                jdbc.execute("SET LOCAL lock_timeout = '2s'");
                List<YearMonth> there = jdbc.queryForList(MONTHS, String.class).stream().map(name -> YearMonth.parse(name, NAME)).toList();
                makeAhead(there);
                dropOld(there);
            }
        });
    }

    private void makeAhead(List<YearMonth> there) {
        YearMonth now = YearMonth.from(clock.instant().atOffset(ZoneOffset.UTC));
        for (int ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
            YearMonth month = now.plusMonths(ahead);
            if (!there.contains(month) && !hasRowsInDefault(month)) {
                jdbc.execute("CREATE TABLE " + month.format(NAME) + " PARTITION OF journal FOR VALUES FROM ('" + from(month) + "') TO ('"
                        + from(month.plusMonths(1)) + "')");
            }
        }
    }

    private boolean hasRowsInDefault(YearMonth month) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                IN_DEFAULT, Boolean.class, from(month).toString(), from(month.plusMonths(1)).toString()));
    }

    private void dropOld(List<YearMonth> there) {
        Instant before = clock.instant().minus(keep);
        for (YearMonth month : there) {
            if (from(month.plusMonths(1)).isAfter(before)) {
                return;
            }
            if (isNeeded(month)) {
                log.info("The journal of {} is past its time but kept: changes in it wait, are dead letters or are on their way out", month);
            } else {
                jdbc.execute("DROP TABLE " + month.format(NAME));
                log.info("The journal of {} is past its time and dropped (serai.journal.keep)", month);
            }
        }
    }

    private boolean isNeeded(YearMonth month) {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                NEEDED.formatted(month.format(NAME)), Boolean.class, from(month).toString(), from(month.plusMonths(1)).toString()));
    }

    private static Instant from(YearMonth month) {
        return month.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
}
