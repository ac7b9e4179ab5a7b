package dev.serai.delivery;

import dev.serai.database.Bind;
import dev.serai.record.Applied;
import dev.serai.record.AppliedListener;
import java.time.Instant;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.stereotype.Component;

/** Puts applied changes on their way out, in the transaction that applies them. */
@Component
public class Deliveries implements AppliedListener {

    /** The downstream ScheduleHub, which gets every applied record. */
    public static final String SCHEDULE_HUB = "schedulehub";

    private static final String ENQUEUE = """
            INSERT INTO delivery (target, seq, accepted_at, entity_type, record_key, next_attempt_at)
            SELECT ?, seq, accepted_at::timestamptz, entity_type, record_key, ?::timestamptz
            FROM unnest(?::bigint[], ?::text[], ?::text[], ?::text[]) AS d(seq, accepted_at, entity_type, record_key)""";

    private final JdbcTemplate jdbc;
    private final boolean hasScheduleHub;

    Deliveries(JdbcTemplate jdbc, @Value("${serai.schedulehub-url:}") String scheduleHubUrl) {
        this.jdbc = jdbc;
        this.hasScheduleHub = !scheduleHubUrl.isBlank();
    }

    /** One delivery a change and target. */
    @Override
    public void applied(List<Applied> applied, Instant now) {
        if (!hasScheduleHub) {
            return;
        }
        jdbc.execute(ENQUEUE, (PreparedStatementCallback<Integer>) ps -> {
            Bind.to(ps)
                    .text(SCHEDULE_HUB)
                    .at(now)
                    .numbers(applied, a -> a.entry().seq())
                    .instants(applied, a -> a.entry().acceptedAt())
                    .texts(applied, a -> a.key().entityType())
                    .texts(applied, a -> a.key().key());
            return ps.executeUpdate();
        });
    }
}
