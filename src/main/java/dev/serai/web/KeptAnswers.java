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
    Optional<Claim> claim(byte[] scope, byte[] request) {
        UUID claim = UUID.randomUUID();
        running.add(claim);
        Optional<Claim> won = database.sql("""
                INSERT INTO idempotency_answer AS a (scope_hash, request_hash, claim, claimed_until, expires_at)
                VALUES (:scope, :request, :claim, :until, :expires)
                ON CONFLICT (scope_hash) DO UPDATE SET request_hash = EXCLUDED.request_hash, claim = EXCLUDED.claim,
                    claimed_until = EXCLUDED.claimed_until, expires_at = EXCLUDED.expires_at,
                    status = NULL, content_type = NULL, location = NULL, retry_after = NULL, sealed_body = NULL,
                    sealed_effect = CASE WHEN a.expires_at > :now THEN a.sealed_effect END
                WHERE a.expires_at <= :now
                   OR (a.status IS NULL AND a.claimed_until <= :now AND a.request_hash = EXCLUDED.request_hash)
                RETURNING sealed_effect""")
                .param("scope", scope)
                .param("request", request)
                .param("claim", claim)
                .param("now", now())
                .param("until", now().plus(settings.claim()))
                .param("expires", now().plus(settings.keep()))
                .query((row, number) -> new Claim(claim, row.getBytes(1)))
                .optional();
        if (won.isEmpty()) {
            running.remove(claim);
        }
        return won;
    }

    /** Writes down what a call has done, in the caller's transaction. False where the claim is another's by now. */
    boolean remember(byte[] scope, UUID claim, byte[] sealedEffect) {
        return database.sql("UPDATE idempotency_answer SET sealed_effect = :effect WHERE scope_hash = :scope AND claim = :claim AND status IS NULL")
                .param("effect", sealedEffect)
                .param("scope", scope)
                .param("claim", claim)
                .update() == 1;
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
                    sealed_body = :body, sealed_effect = NULL
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

    /** The call had no lasting answer: the same key may try again, and gets the answer of the effect that it had all the same. */
    void release(byte[] scope, UUID claim) {
        running.remove(claim);
        int forgotten = database.sql("""
                DELETE FROM idempotency_answer
                WHERE scope_hash = :scope AND claim = :claim AND status IS NULL AND sealed_effect IS NULL""")
                .param("scope", scope)
                .param("claim", claim)
                .update();
        if (forgotten == 0) {
            database.sql("UPDATE idempotency_answer SET claimed_until = :now WHERE scope_hash = :scope AND claim = :claim AND status IS NULL")
                    .param("now", now())
                    .param("scope", scope)
                    .param("claim", claim)
                    .update();
        }
    }

    /** Keeps calls that take long from being taken for crashed ones. A row that is locked is just being written, and comes with the next time. */
    void renewRunning() {
        if (running.isEmpty()) {
            return;
        }
        database.sql("""
                UPDATE idempotency_answer SET claimed_until = :until WHERE scope_hash IN (
                    SELECT scope_hash FROM idempotency_answer WHERE claim = ANY (:claims) AND status IS NULL FOR UPDATE SKIP LOCKED)""")
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

    /** @param sealedEffect what the call did when it was made before; null where that is nothing */
    record Claim(UUID id, byte[] sealedEffect) {}

    /** What the first caller was answered; each header may be null. */
    record First(int status, String contentType, String location, String retryAfter, byte[] sealedBody) {}

    /** @param answer null while the call is running */
    record Kept(byte[] requestHash, First answer) {

        boolean isRunning() {
            return answer == null;
        }
    }
}
