package dev.serai.health;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What the alert webhook is told, where one is set: kept until it was taken, tried again with backoff, at most five times. */
@Component("alertNotices")
public class AlertNotices {

    private static final Logger log = LoggerFactory.getLogger(AlertNotices.class);
    private static final int MAX_RETRIES = 5;
    private static final Duration LEASE = Duration.ofMinutes(2);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    /** The time of the lease is the time of the next attempt, so that a hub that dies in between loses nothing. */
    private static final String CLAIM = """
            UPDATE alert_notice SET next_attempt_at = ?
            WHERE notice_id = (SELECT notice_id FROM alert_notice WHERE next_attempt_at <= ? ORDER BY created_at LIMIT 1
                               FOR UPDATE SKIP LOCKED)
            RETURNING notice_id, body, attempts""";

    private final JdbcTemplate jdbc;
    private final Clock clock;
    private final boolean wanted;

    AlertNotices(JdbcTemplate jdbc, Clock clock, @Value("${serai.alerts.url}") String url) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.wanted = !url.isBlank();
    }

    /** @param id the same for every attempt */
    public record Notice(String id, String body, int attempts) {}

    /** Adds a notice, in the current transaction. */
    void add(String id, ObjectNode body, Instant now) {
        if (wanted) {
            jdbc.update(
                    "INSERT INTO alert_notice (notice_id, body, next_attempt_at, created_at) VALUES (?, ?, ?, ?)",
                    ps -> Bind.to(ps).text(id).text(body.toString()).at(now).at(now));
        }
    }

    /** The oldest notice that is due, for this caller alone. */
    public Optional<Notice> claim() {
        Instant now = clock.instant();
        List<Notice> claimed = jdbc.query(
                CLAIM,
                ps -> Bind.to(ps).at(now.plus(LEASE)).at(now),
                (rs, row) -> new Notice(rs.getString(1), rs.getString(2), rs.getInt(3)));
        return claimed.stream().findFirst();
    }

    public void delivered(Notice notice) {
        jdbc.update("DELETE FROM alert_notice WHERE notice_id = ?", notice.id());
    }

    /** Again later, or never where it was the last retry or the answer is final. */
    public void failed(Notice notice, boolean permanent, String reason) {
        boolean dead = permanent || notice.attempts() >= MAX_RETRIES;
        long delay = Math.min(LONGEST_DELAY.toMillis(), 2_000L << notice.attempts());
        Instant next = clock.instant().plusMillis(delay / 2 + ThreadLocalRandom.current().nextLong(delay / 2 + 1));
        jdbc.update(
                "UPDATE alert_notice SET attempts = attempts + 1, next_attempt_at = ?, last_error = ? WHERE notice_id = ?",
                ps -> Bind.to(ps).at(dead ? null : next).text(reason).text(notice.id()));
        log.warn("The alert webhook did not take {}: {}. {}", notice.id(), reason,
                dead ? "It is not sent again; the alert is at /v1/monitoring/alerts" : "It is sent again at " + next);
    }
}
