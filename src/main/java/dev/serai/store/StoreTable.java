package dev.serai.store;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The rows of stores, their versions and secrets. Whoever changes one holds the revision first. */
@Component
class StoreTable {

    private static final String COLUMNS = "store_id, version, paused, revision, config_id, config, created_at, updated_at, resumed_at";

    private final JdbcTemplate jdbc;
    private final StoreDocument document;

    StoreTable(JdbcTemplate jdbc, StoreDocument document) {
        this.jdbc = jdbc;
        this.document = document;
    }

    /**
     * A store as it stands at a revision.
     *
     * @param resumedAt null for one that was never paused
     */
    record Row(StoreConfig config, long revision, long configId, Instant createdAt, Instant updatedAt, Instant resumedAt) {}

    record SealedSecret(byte[] sealed, Instant validUntil) {}

    /** Every store that changed after the revision, in the order of changes. */
    List<Row> changedAfter(long revision) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM store WHERE revision > ? ORDER BY revision", ps -> Bind.to(ps).number(revision), this::row);
    }

    /** The secrets of these stores, the newest first. */
    Map<String, List<SealedSecret>> secrets(List<String> storeIds) {
        Map<String, List<SealedSecret>> secrets = new HashMap<>();
        jdbc.query(
                "SELECT store_id, sealed, valid_until FROM store_secret WHERE store_id = ANY (?::text[]) ORDER BY store_id, secret_id DESC",
                ps -> Bind.to(ps).texts(storeIds),
                rs -> {
                    secrets.computeIfAbsent(rs.getString(1), id -> new ArrayList<>())
                            .add(new SealedSecret(rs.getBytes(2), Columns.instant(rs, 3)));
                });
        return secrets;
    }

    /** The next revision; other changes wait until this transaction ends. */
    long nextRevision() {
        return jdbc.queryForObject("UPDATE store_revision SET revision = revision + 1 RETURNING revision", Long.class);
    }

    /** The store as it is now, or null. */
    Row find(String storeId) {
        return jdbc.query("SELECT " + COLUMNS + " FROM store WHERE store_id = ?", ps -> Bind.to(ps).text(storeId), this::row).stream()
                .findFirst()
                .orElse(null);
    }

    /** Saves a configuration as the store's next version. */
    void save(StoreConfig config, long revision, String by, Instant now) {
        ObjectNode content = document.write(config);
        jdbc.update(
                """
                WITH saved AS (
                    INSERT INTO store (store_id, version, config, paused, revision, created_at, updated_at)
                    VALUES (?, ?, ?::jsonb, ?, ?, ?, ?)
                    ON CONFLICT (store_id) DO UPDATE SET version = excluded.version, config = excluded.config, paused = excluded.paused,
                        revision = excluded.revision, updated_at = excluded.updated_at
                    RETURNING store_id, version, config, updated_at)
                INSERT INTO store_config_version (store_id, version, config, saved_at, saved_by)
                SELECT store_id, version, config, updated_at, ? FROM saved""",
                ps -> Bind.to(ps)
                        .text(config.storeId())
                        .integer(config.version())
                        .text(content.toString())
                        .flag(config.paused())
                        .number(revision)
                        .at(now)
                        .at(now)
                        .text(by));
    }

    void setPaused(String storeId, boolean paused, long revision, Instant now) {
        jdbc.update(
                """
                UPDATE store SET paused = ?, revision = ?, updated_at = ?, resumed_at = coalesce(?::timestamptz, resumed_at)
                WHERE store_id = ?""",
                ps -> Bind.to(ps).flag(paused).number(revision).at(now).at(paused ? null : now).text(storeId));
    }

    /** Adds a secret; those before it end after the overlap, and those long ended are gone. */
    void addSecret(String storeId, byte[] sealed, Instant now, Duration overlap) {
        jdbc.update("DELETE FROM store_secret WHERE store_id = ? AND valid_until < ?", ps -> Bind.to(ps).text(storeId).at(now));
        jdbc.update(
                "UPDATE store_secret SET valid_until = ? WHERE store_id = ? AND valid_until IS NULL",
                ps -> Bind.to(ps).at(now.plus(overlap)).text(storeId));
        jdbc.update(
                "INSERT INTO store_secret (store_id, sealed, created_at) VALUES (?, ?, ?)",
                ps -> {
                    Bind.to(ps).text(storeId);
                    ps.setBytes(2, sealed);
                    ps.setObject(3, Bind.timestamp(now));
                });
    }

    /** The versions, newest first. */
    List<StoreVersion> versions(String storeId, int limit, long offset) {
        return jdbc.query(
                """
                SELECT version, config, saved_at, saved_by FROM store_config_version WHERE store_id = ?
                ORDER BY version DESC LIMIT ? OFFSET ?""",
                ps -> Bind.to(ps).text(storeId).integer(limit).number(offset),
                (rs, row) -> new StoreVersion(
                        rs.getInt(1),
                        document.write(document.read(storeId, rs.getInt(1), false, rs.getString(2))),
                        Columns.instant(rs, 3),
                        rs.getString(4)));
    }

    private Row row(ResultSet rs, int number) throws SQLException {
        return new Row(
                document.read(rs.getString(1), rs.getInt(2), rs.getBoolean(3), rs.getString(6)),
                rs.getLong(4),
                rs.getLong(5),
                Columns.instant(rs, 7),
                Columns.instant(rs, 8),
                Columns.instant(rs, 9));
    }
}
