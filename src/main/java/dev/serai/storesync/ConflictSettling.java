package dev.serai.storesync;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.decision.Decisions;
import dev.serai.rules.EntityRules;
import dev.serai.rules.Reason;
import dev.serai.rules.SyncRule;
import dev.serai.store.EntityConfig;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.web.ApiException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Settles pending conflicts by the entity's strategy, where that can: what an earlier strategy has left to a person. What a rule leaves
 * to a person, and times that cannot be right, stay.
 */
@Component
class ConflictSettling {

    /** At a time; what is left is there for the next job. */
    private static final int MOST = 1_000;

    private static final String PENDING = """
            SELECT id, field, reason, store_modified_at, platform_modified_at FROM conflict
            WHERE store_id = ? AND entity_type = ? AND status = 'pending' ORDER BY id LIMIT ?""";

    private final JdbcTemplate jdbc;
    private final Stores stores;
    private final Decisions decisions;

    ConflictSettling(JdbcTemplate jdbc, Stores stores, Decisions decisions) {
        this.jdbc = jdbc;
        this.stores = stores;
        this.decisions = decisions;
    }

    private record Pending(long id, String field, String reason, Instant store, Instant platform) {}

    /** Answers how many conflicts it settled. */
    int settle(String storeId, String entityType, String by) {
        StoreConfig store = stores.find(storeId).orElse(null);
        EntityConfig entity = store == null ? null : store.entity(entityType);
        if (entity == null || entity.strategy().equals(EntityRules.MANUAL)) {
            return 0;
        }
        int settled = 0;
        for (Pending conflict : pending(storeId, entityType)) {
            boolean leftToAPerson = conflict.reason().equals(Reason.FUTURE_CLOCK.text()) || store.rules().stream().anyMatch(
                    rule -> rule.action().equals(SyncRule.MANUAL) && rule.covers(entityType, conflict.field()));
            if (!leftToAPerson && decide(conflict, resolution(entity.strategy(), conflict), by)) {
                settled++;
            }
        }
        return settled;
    }

    private List<Pending> pending(String storeId, String entityType) {
        return jdbc.query(
                PENDING,
                ps -> Bind.to(ps).text(storeId).text(entityType).integer(MOST),
                (rs, row) -> new Pending(
                        rs.getLong(1), rs.getString(2), rs.getString(3), Columns.instant(rs, 4), Columns.instant(rs, 5)));
    }

    private static String resolution(String strategy, Pending conflict) {
        return switch (strategy) {
            case EntityRules.STORE_PRIORITY -> Decisions.USE_STORE;
            case EntityRules.PLATFORM_PRIORITY -> Decisions.USE_PLATFORM;
            default -> conflict.platform() == null || conflict.store().isAfter(conflict.platform())
                    ? Decisions.USE_STORE
                    : Decisions.USE_PLATFORM;
        };
    }

    /** False where somebody else was quicker. */
    private boolean decide(Pending conflict, String resolution, String by) {
        try {
            decisions.resolve(conflict.id(), resolution, null, false, by);
            return true;
        } catch (ApiException e) {
            return false;
        }
    }
}
