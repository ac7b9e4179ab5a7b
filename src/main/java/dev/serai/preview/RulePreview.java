package dev.serai.preview;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.preview.ReplayedRecord.Field;
import dev.serai.record.SyncedEntities;
import dev.serai.rules.EntityRules;
import dev.serai.rules.Stamp;
import dev.serai.rules.SyncRule;
import dev.serai.rules.Values;
import dev.serai.store.EntityConfig;
import dev.serai.store.StoreConfig;
import dev.serai.web.ApiException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Says which values rules would have changed, had they been in force for the last days. Reads the journal record by record through a cursor,
 * so that it holds one record at a time; PostgreSQL sorts, on disk where it has to.
 */
@Component
public class RulePreview {

    private static final int MOST_SHOWN = 1_000;
    /** Stores may name fields as they like. */
    private static final int MOST_FIELDS = 1_000;
    private static final String OTHER_FIELDS = "(others)";
    private static final int AT_ONCE = 2;
    private static final int FETCH = 500;

    private static final String CHANGES = """
            SELECT entity_type, record_key, store_id, source, modified_at, accepted_at, trace, CASE WHEN store_id = ? THEN payload END,
                   version = 1 AS created
            FROM journal
            WHERE accepted_at >= ?::timestamptz AND entity_type = ANY (?::text[]) AND record_key IS NOT NULL
              AND (trace IS NOT NULL OR store_id = ?)
            ORDER BY entity_type, record_key, seq""";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate reading;
    private final SyncedEntities synced;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE);

    RulePreview(JdbcTemplate jdbc, PlatformTransactionManager transactions, SyncedEntities synced, Clock clock) {
        this.jdbc = jdbc;
        this.reading = new TransactionTemplate(transactions);
        this.reading.setReadOnly(true);
        this.synced = synced;
        this.clock = clock;
    }

    /** A value that would be another. */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Difference(
            String entityType,
            String entityId,
            String field,
            @JsonRawValue String actualValue,
            @JsonRawValue String wouldBeValue,
            String rule) {}

    /**
     * Counted over everything that was replayed, also where not every difference is shown.
     *
     * @param changes      of the store, replayed
     * @param records      that they were about
     * @param different    values that would be others
     * @param byRule       how many of them each rule made
     * @param byField      how many there are of each field
     * @param stillPending fields about which a person would have to decide now
     * @param notReplayed  changes that left no trace, because a filter or the store's direction kept them out, because they told nothing new,
     *                     or because they are older than merging
     * @param truncated    whether there are more differences than are shown
     */
    @JsonNaming(SnakeCaseStrategy.class)
    public record Totals(
            long changes,
            long records,
            long different,
            Map<String, Long> byRule,
            Map<String, Long> byField,
            long stillPending,
            long notReplayed,
            boolean truncated) {}

    public record Result(List<Difference> changes, Totals totals) {}

    /**
     * Replays the store's changes of the last days.
     *
     * @param rules in place of the store's own
     * @throws ApiException 429 where as many previews run as may
     */
    public Result preview(StoreConfig store, List<SyncRule> rules, int days) {
        if (!places.tryAcquire()) {
            throw ApiException.tooManyRequests(10);
        }
        try {
            Replay replay = new Replay(store, rules);
            Instant from = clock.instant().minus(Duration.ofDays(days));
            List<String> types = store.entities().stream().map(EntityConfig::type).toList();
            reading.executeWithoutResult(status -> jdbc.query(
                    connection -> {
                        PreparedStatement statement = connection.prepareStatement(CHANGES);
                        statement.setFetchSize(FETCH);
                        Bind.to(statement).text(store.storeId()).at(from).texts(types).text(store.storeId());
                        return statement;
                    },
                    replay::row));
            return replay.result();
        } finally {
            places.release();
        }
    }

    private final class Replay {

        private final String storeId;
        private final Map<String, EntityRules> rulesOf = new HashMap<>();
        private final List<Difference> shown = new ArrayList<>();
        private final Map<String, Long> byRule = new TreeMap<>();
        private final Map<String, Long> byField = new TreeMap<>();
        private RecordKey key;
        private ReplayedRecord record;
        private boolean touched;
        private long changes;
        private long records;
        private long different;
        private long stillPending;
        private long notReplayed;

        Replay(StoreConfig store, List<SyncRule> rules) {
            this.storeId = store.storeId();
            store.entities().forEach(entity -> rulesOf.put(entity.type(), synced.rules(entity, rules)));
        }

        void row(ResultSet rs) throws SQLException {
            RecordKey next = new RecordKey(rs.getString(1), rs.getString(2));
            if (!next.equals(key)) {
                finish();
                key = next;
                record = new ReplayedRecord(rulesOf.get(next.entityType()));
                touched = false;
            }
            String trace = rs.getString(7);
            String source = rs.getString(4);
            boolean own = storeId.equals(rs.getString(3)) && !source.equals(Change.DECISION);
            if (trace == null) {
                notReplayed += own ? 1 : 0;
                return;
            }
            JsonNode lines = Values.read(trace);
            Instant modifiedAt = Columns.instant(rs, 5);
            if (source.equals(Change.DECISION)) {
                record.personDecided(lines, new Stamp(modifiedAt, source));
            } else if (own) {
                changes++;
                touched = true;
                ObjectNode payload = Values.object(rs.getString(8));
                if (rs.getBoolean(9)) {
                    record.storeCreated(lines, payload, new Stamp(modifiedAt, storeId));
                } else {
                    record.storeTold(lines, payload, new Stamp(modifiedAt, storeId), Columns.instant(rs, 6));
                }
            } else {
                record.othersWrote(lines, new Stamp(modifiedAt, rs.getString(3) == null ? source : rs.getString(3)));
            }
        }

        private void finish() {
            if (record == null || !touched) {
                return;
            }
            records++;
            record.fields().forEach((name, field) -> {
                stillPending += field.isContested() ? 1 : 0;
                if (field.differs()) {
                    different(name, field);
                }
            });
        }

        private void different(String name, Field field) {
            different++;
            String rule = field.rule() == null ? "" : field.rule();
            byRule.merge(rule, 1L, Long::sum);
            String of = key.entityType() + "." + name;
            byField.merge(byField.size() < MOST_FIELDS || byField.containsKey(of) ? of : OTHER_FIELDS, 1L, Long::sum);
            if (shown.size() < MOST_SHOWN) {
                shown.add(new Difference(key.entityType(), key.key(), name, json(field.actual()), json(field.would()), field.rule()));
            }
        }

        private static String json(JsonNode value) {
            return Values.write(Values.orNull(value));
        }

        Result result() {
            finish();
            return new Result(shown, new Totals(
                    changes, records, different, byRule, byField, stillPending, notReplayed, different > shown.size()));
        }
    }
}
