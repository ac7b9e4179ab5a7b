package dev.serai.access;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.web.ApiException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Makes whoever guesses passwords wait: twice as long with each failure, for a user from the fifth on, for an address (which many people
 * may share) from the twentieth. All hubs count in one table. An attempt counts as failed before its password is looked at, so that many
 * at once get no more guesses than one after the other.
 */
@Component
class Lockout {

    private static final int FREE_FOR_USER = 5;
    private static final int FREE_FOR_ADDRESS = 20;
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final Duration REMEMBERED = Duration.ofHours(24);

    /** Answers a row for each of the two that may try. */
    private static final String ATTEMPT = """
            INSERT INTO login_attempt AS a (subject, failures, locked_until, last_at)
            SELECT subject, 1, NULL, ?::timestamptz FROM unnest(?::text[]) AS subject
            ON CONFLICT (subject) DO UPDATE SET
                failures = CASE WHEN a.last_at < ?::timestamptz THEN 1 ELSE a.failures + 1 END,
                locked_until = CASE WHEN a.last_at < ?::timestamptz THEN NULL
                    ELSE excluded.last_at + lock_after(a.failures + 1 - CASE WHEN a.subject LIKE 'user:%' THEN ? ELSE ? END, ?) END,
                last_at = excluded.last_at
            WHERE a.locked_until IS NULL OR a.locked_until <= excluded.last_at
            RETURNING subject""";

    private final JdbcTemplate jdbc;
    private final Clock clock;

    Lockout(JdbcTemplate jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** @throws ApiException 429 where one of the two has to wait */
    void attempt(String username, String address) {
        Instant now = clock.instant();
        Instant forgotten = now.minus(REMEMBERED);
        List<String> subjects = subjects(username, address);
        List<String> free = jdbc.query(
                ATTEMPT,
                ps -> Bind.to(ps)
                        .at(now)
                        .texts(subjects)
                        .at(forgotten)
                        .at(forgotten)
                        .integer(FREE_FOR_USER)
                        .integer(FREE_FOR_ADDRESS)
                        .integer((int) LONGEST.toSeconds()),
                (rs, row) -> rs.getString(1));
        if (free.size() < subjects.size()) {
            // Its password is not looked at: that is nobody's failure.
            takeBack(free);
            throw ApiException.tooManyRequests(secondsLeft(subjects, now));
        }
    }

    /**
     * Looks at a password that somebody logs in with.
     *
     * @param check empty where the password is wrong
     * @throws ApiException 429 where the user or the address has to wait
     */
    <T> Optional<T> login(String username, String address, Supplier<Optional<T>> check) {
        attempt(username, address);
        Optional<T> known = check.get();
        known.ifPresent(one -> succeeded(username, address));
        return known;
    }

    /**
     * Looks at a password that somebody shows with each request, of which many may be under way at once: as long as neither the user nor the
     * address has been wrong too often, only what is wrong is an attempt.
     *
     * @param check empty where the password is wrong
     * @throws ApiException 429 where the user or the address has to wait
     */
    <T> Optional<T> request(String username, String address, Supplier<Optional<T>> check) {
        if (isSuspect(username, address)) {
            return login(username, address, check);
        }
        Optional<T> known = check.get();
        if (known.isEmpty()) {
            attempt(username, address);
        }
        return known;
    }

    private boolean isSuspect(String username, String address) {
        List<String> subjects = subjects(username, address);
        return jdbc.query(
                """
                SELECT EXISTS (SELECT FROM login_attempt WHERE last_at >= ?::timestamptz
                               AND (subject = ? AND failures >= ? OR subject = ? AND failures >= ?))""",
                ps -> Bind.to(ps)
                        .at(clock.instant().minus(REMEMBERED))
                        .text(subjects.get(0)).integer(FREE_FOR_ADDRESS)
                        .text(subjects.get(1)).integer(FREE_FOR_USER),
                rs -> rs.next() && rs.getBoolean(1));
    }

    /** The user's failures are forgotten; of the address's only this one, or one good account would cover guesses at all the others. */
    void succeeded(String username, String address) {
        List<String> subjects = subjects(username, address);
        jdbc.update("DELETE FROM login_attempt WHERE subject = ?", subjects.get(1));
        takeBack(subjects.subList(0, 1));
    }

    private void takeBack(List<String> subjects) {
        jdbc.update(
                "UPDATE login_attempt SET failures = failures - 1, locked_until = NULL WHERE subject = ANY (?)",
                ps -> Bind.to(ps).texts(subjects));
    }

    /** The user has another password by now. */
    void forget(String username) {
        jdbc.update("DELETE FROM login_attempt WHERE subject = ?", "user:" + username);
    }

    void forgetOld() {
        jdbc.update("DELETE FROM login_attempt WHERE last_at < ?", ps -> Bind.to(ps).at(clock.instant().minus(REMEMBERED)));
    }

    private long secondsLeft(List<String> subjects, Instant now) {
        Instant until = jdbc.query(
                "SELECT max(locked_until) FROM login_attempt WHERE subject = ANY (?)",
                ps -> Bind.to(ps).texts(subjects),
                rs -> rs.next() ? Columns.instant(rs, 1) : null);
        return until == null || !until.isAfter(now) ? 1 : Duration.between(now, until).plusMillis(999).toSeconds();
    }

    /** Always in this order, so that two attempts never wait for each other crosswise. */
    private static List<String> subjects(String username, String address) {
        return List.of("address:" + address, "user:" + username);
    }
}
