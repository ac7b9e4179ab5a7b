package dev.serai.web;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table of answers given under an Idempotency-Key, and of calls that are still being answered. */
final class KeptAnswers {

    private final JdbcClient database;
    private final Clock clock;
    private final HttpSettings.Idempotency settings;
    /** The claims of this node whose calls are running. */
    private final Set<UUID> running = ConcurrentHashMap.newKeySet();

    KeptAnswers(JdbcClient database, Clock clock, HttpSettings.Idempotency settings) {
        this.database = database;
        this.clock = clock;
        this.settings = settings;
    }

    /** The first of all nodes to ask gets the claim. So does who repeats a call that began and, within the claim's time, never ended. */
    Optional<UUID> claim(byte[] scope, byte[] request) {
        UUID claim = UUID.randomUUID();
        running.add(claim);
        boolean won = database.sql("""
                INSERT INTO idempotency_answer AS a (scope_hash, request_hash, claim, claimed_until, expires_at)
                VALUES (:scope, :request, :claim, :until, :expires)
                ON CONFLICT (scope_hash) DO UPDATE SET request_hash = EXCLUDED.request_hash, claim = EXCLUDED.claim,
                    claimed_until = EXCLUDED.claimed_until, expires_at = EXCLUDED.expires_at,
                    status = NULL, content_type = NULL, location = NULL, retry_after = NULL, sealed_body = NULL
                WHERE a.expires_at <= :now
                   OR (a.status IS NULL AND a.claimed_until <= :now AND a.request_hash = EXCLUDED.request_hash)""")
                .param("scope", scope)
                .param("request", request)
                .param("claim", claim)
                .param("now", now())
                .param("until", now().plus(settings.claim()))
                .param("expires", now().plus(settings.keep()))
                .update() == 1;
        if (!won) {
            running.remove(claim);
        }
        return won ? Optional.of(claim) : Optional.empty();
    }

    Optional<Kept> find(byte[] scope) {
        return database.sql("""
                SELECT request_hash, status, content_type, location, retry_after, sealed_body
                FROM idempotency_answer WHERE scope_hash = :scope""")
                .param("scope", scope)
                .query(KeptAnswers::kept)
                .optional();
    }

    void keep(byte[] scope, UUID claim, First answer) {
        running.remove(claim);
        database.sql("""
                UPDATE idempotency_answer SET status = :status, content_type = :type, location = :location, retry_after = :retryAfter,
                    sealed_body = :body
                WHERE scope_hash = :scope AND claim = :claim""")
                .param("status", answer.status())
                .param("type", answer.contentType())
                .param("location", answer.location())
                .param("retryAfter", answer.retryAfter())
                .param("body", answer.sealedBody())
                .param("scope", scope)
                .param("claim", claim)
                .update();
    }

    /** The call has ended, whichever way; its claim is not renewed any more. */
    void ended(UUID claim) {
        running.remove(claim);
    }

    /** The call had no lasting answer: the same key may try again. */
    void release(byte[] scope, UUID claim) {
        running.remove(claim);
        database.sql("DELETE FROM idempotency_answer WHERE scope_hash = :scope AND claim = :claim AND status IS NULL")
                .param("scope", scope)
                .param("claim", claim)
                .update();
    }

    /** Keeps calls that take long from being taken for crashed ones. */
    void renewRunning() {
        if (running.isEmpty()) {
            return;
        }
        database.sql("UPDATE idempotency_answer SET claimed_until = :until WHERE claim = ANY (:claims) AND status IS NULL")
                .param("until", now().plus(settings.claim()))
                .param("claims", running.toArray(UUID[]::new))
                .update();
    }

    int forgetExpired() {
        return database.sql("DELETE FROM idempotency_answer WHERE expires_at <= :now").param("now", now()).update();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Kept kept(ResultSet row, int number) throws SQLException {
        Integer status = row.getObject("status", Integer.class);
        First answer = status == null ? null : new First(
                status, row.getString("content_type"), row.getString("location"), row.getString("retry_after"), row.getBytes("sealed_body"));
        return new Kept(row.getBytes("request_hash"), answer);
    }

    /** What the first caller was answered; each header may be null. */
    record First(int status, String contentType, String location, String retryAfter, byte[] sealedBody) {}

    /** @param answer null while the call is running */
    record Kept(byte[] requestHash, First answer) {

        boolean isRunning() {
            return answer == null;
        }
    }
}
