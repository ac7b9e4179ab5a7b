package dev.serai.access;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** API keys. Not cached, like {@link Tokens}. */
@Component
class ApiKeys {

    private final JdbcClient database;
    private final Clock clock;

    ApiKeys(JdbcClient database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    Issued issue(String name, int rateLimitPerMinute, String createdBy) {
        Issued issued = new Issued(Secrets.nextId("key_"), Secrets.next("srk_"));
        database.sql("""
                INSERT INTO access_api_key (key_id, secret_hash, name, rate_limit_per_minute, created_by, created_at)
                VALUES (:id, :hash, :name, :limit, :by, :now)""")
                .param("id", issued.id())
                .param("hash", Secrets.hash(issued.secret()))
                .param("name", name)
                .param("limit", rateLimitPerMinute)
                .param("by", createdBy)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        return issued;
    }

    Optional<Caller> find(String secret) {
        return database.sql("SELECT key_id, name, rate_limit_per_minute FROM access_api_key WHERE secret_hash = :hash")
                .param("hash", Secrets.hash(secret))
                .query((row, number) -> caller(row))
                .optional();
    }

    Listing<ListedKey> list(PageRequest page) {
        long total = database.sql("SELECT count(*) FROM access_api_key").query(Long.class).single();
        return new Listing<>(
                database.sql("SELECT * FROM access_api_key ORDER BY created_at DESC, key_id LIMIT :size OFFSET :offset")
                        .param("size", page.size())
                        .param("offset", page.offset())
                        .query((row, number) -> listed(row))
                        .list(),
                page, total);
    }

    /** False where there is no such key. */
    boolean revoke(String id) {
        return database.sql("DELETE FROM access_api_key WHERE key_id = :id").param("id", id).update() == 1;
    }

    private static Caller caller(ResultSet row) throws SQLException {
        return new Caller("key:" + row.getString("key_id"), row.getString("name"), Role.API_CLIENT, Scope.ALL, row.getInt("rate_limit_per_minute"));
    }

    private static ListedKey listed(ResultSet row) throws SQLException {
        return new ListedKey(
                row.getString("key_id"), row.getString("name"), row.getInt("rate_limit_per_minute"),
                row.getString("created_by"), row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    /** A key as it is listed: everything but its secret. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    record ListedKey(String keyId, String name, int rateLimitPerMinute, String createdBy, Instant createdAt) {}
}
