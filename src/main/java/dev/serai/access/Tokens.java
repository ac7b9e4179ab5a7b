package dev.serai.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Bearer tokens. Nothing is cached, so that a revoked token is refused at once, on every node. */
@Component
class Tokens {

    private final JdbcClient database;
    private final Clock clock;

    Tokens(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Issued issue(TokenRequest token, String createdBy) {
        Scope scope = token.grant().scope();
        Issued issued = new Issued(Secrets.nextId("tok_"), Secrets.next("srt_"));
        OffsetDateTime now = now();
        database.sql("""
                INSERT INTO access_token
                    (token_id, secret_hash, name, role, store_id, terminal_id, device_id, created_by, created_at, expires_at)
                VALUES (:id, :hash, :name, :role, :store, :terminal, :device, :by, :now, :expires)""")
                .param("id", issued.id())
                .param("hash", Secrets.hash(issued.secret()))
                .param("name", token.name())
                .param("role", token.grant().role().key())
                .param("store", scope.storeId())
                .param("terminal", scope.terminalId())
                .param("device", scope.deviceId())
                .param("by", createdBy)
                .param("now", now)
                .param("expires", token.lifetime() == null ? null : now.plus(token.lifetime()))
                .update();
        return issued;
    }

    Optional<Caller> find(String secret) {
        return database.sql("""
                SELECT token_id, name, role, store_id, terminal_id, device_id FROM access_token
                WHERE secret_hash = :hash AND (expires_at IS NULL OR expires_at > :now)""")
                .param("hash", Secrets.hash(secret))
                .param("now", now())
                .query(Tokens::caller)
                .optional();
    }

    Listing<ListedToken> list(PageRequest page) {
        long total = database.sql("SELECT count(*) FROM access_token").query(Long.class).single();
        return new Listing<>(
                database.sql("SELECT * FROM access_token ORDER BY created_at DESC, token_id LIMIT :size OFFSET :offset")
                        .param("size", page.size())
                        .param("offset", page.offset())
                        .query(Tokens::listed)
                        .list(),
                page, total);
    }

    /** False where there is no such token. */
    boolean revoke(String id) {
        return database.sql("DELETE FROM access_token WHERE token_id = :id").param("id", id).update() == 1;
    }

    /** Forgets tokens that nobody can use any more. */
    int forgetExpired(Duration since) {
        return database.sql("DELETE FROM access_token WHERE expires_at < :before").param("before", now().minus(since)).update();
    }

    private OffsetDateTime now() {
        return clock.instant().atOffset(ZoneOffset.UTC);
    }

    private static Caller caller(ResultSet row, int number) throws SQLException {
        return new Caller("token:" + row.getString("token_id"), row.getString("name"), Role.of(row.getString("role")), scope(row), null);
    }

    private static ListedToken listed(ResultSet row, int number) throws SQLException {
        Scope scope = scope(row);
        OffsetDateTime expires = row.getObject("expires_at", OffsetDateTime.class);
        return new ListedToken(
                row.getString("token_id"), row.getString("name"), row.getString("role"),
                scope.storeId(), scope.terminalId(), scope.deviceId(),
                row.getString("created_by"), row.getObject("created_at", OffsetDateTime.class).toInstant(),
                expires == null ? null : expires.toInstant());
    }

    static Scope scope(ResultSet row) throws SQLException {
        return new Scope(row.getString("store_id"), row.getString("terminal_id"), row.getString("device_id"));
    }

    /** A token as it is listed: everything but its secret. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ListedToken(
            String tokenId, String name, String role, String storeId, String terminalId, String deviceId,
            String createdBy, Instant createdAt, Instant expiresAt) {}
}
