package dev.serai.storesync;

import dev.serai.database.Bind;
import dev.serai.journal.Entry;
import dev.serai.record.Applied;
import dev.serai.record.AppliedListener;
import dev.serai.store.Stores;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * How long webhooks take from being accepted to being applied, the longest of each run. Kept in memory and saved once in a while: what a
 * crash loses is a figure, not a change.
 */
@Component
class ApplyTimes implements AppliedListener {

    private static final int MOST_KNOWN = 10_000;

    private static final String SAVE = """
            UPDATE run r SET duration_ms = greatest(r.duration_ms, t.ms) FROM unnest(?::text[], ?::bigint[]) AS t(run_id, ms)
            WHERE r.run_id = t.run_id::uuid AND r.kind = 'webhook'""";

    private final JdbcTemplate jdbc;
    private final Stores stores;
    private final Map<UUID, Long> longest = new HashMap<>();

    ApplyTimes(JdbcTemplate jdbc, Stores stores) {
        this.jdbc = jdbc;
        this.stores = stores;
    }

    @Override
    public synchronized void applied(List<Applied> applied, Instant now) {
        for (Applied one : applied) {
            UUID runId = one.entry().change().runId();
            if (runId != null && !one.entry().change().fromPull() && (longest.size() < MOST_KNOWN || longest.containsKey(runId))) {
                longest.merge(runId, Duration.between(begun(one.entry()), now).toMillis(), Math::max);
            }
        }
    }

    /** What a pause kept waiting is no slowness. */
    private Instant begun(Entry entry) {
        Instant acceptedAt = entry.acceptedAt();
        String storeId = entry.change().storeId();
        return storeId == null ? acceptedAt : stores.resumedAt(storeId).filter(acceptedAt::isBefore).orElse(acceptedAt);
    }

    /** Saves what is new since the last time. */
    void save() {
        Map<UUID, Long> times = take();
        if (!times.isEmpty()) {
            List<Map.Entry<UUID, Long>> rows = List.copyOf(times.entrySet());
            jdbc.update(SAVE, ps -> Bind.to(ps).uuids(rows, Map.Entry::getKey).numbers(rows, Map.Entry::getValue));
        }
    }

    private synchronized Map<UUID, Long> take() {
        Map<UUID, Long> taken = new HashMap<>(longest);
        longest.clear();
        return taken;
    }
}
