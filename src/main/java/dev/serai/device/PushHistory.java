package dev.serai.device;

import dev.serai.database.Bind;
import java.sql.SQLException;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** What was pushed, newest first, and how far it has got. */
@Component("pushHistory")
public class PushHistory {

    /** A device's own events are in its own ranges too: only those of the others count. */
    private static final String BY_OTHERS = """
            (SELECT coalesce(range_agg(r), '{}') FROM device_feed f, unnest(f.acknowledged) AS r WHERE f.device_id <> d.device_id)""";

    private static final String COUNT = """
            WITH pushed AS (SELECT device_id, event_id FROM device_event
                            WHERE (?::text IS NULL OR device_id = ?) AND (?::text IS NULL OR user_id = ?)),
                 heard AS (SELECT d.device_id,\s""" + BY_OTHERS + """
             AS by_others FROM (SELECT DISTINCT device_id FROM pushed) d)
            SELECT count(*), count(*) FILTER (WHERE h.by_others @> p.event_id) FROM pushed p JOIN heard h USING (device_id)""";

    /** The time of acceptance never runs backwards, so that a bound on it is a bound on the number. */
    private static final String NEWEST = """
            SELECT\s""" + Feed.COLUMNS + """
            , e.caller, EXISTS (SELECT 1 FROM device_feed f WHERE f.device_id <> e.device_id AND f.acknowledged @> e.event_id)
            FROM device_event e
            WHERE (?::text IS NULL OR e.device_id = ?) AND (?::text IS NULL OR e.user_id = ?) AND (?::bigint IS NULL OR e.event_id < ?)
              AND (?::timestamptz IS NULL OR e.event_id >= coalesce((
                SELECT b.event_id FROM device_event b WHERE b.accepted_at >= ? ORDER BY b.accepted_at, b.event_id LIMIT 1),
                9223372036854775807))
              AND (?::timestamptz IS NULL OR e.event_id <= coalesce((
                SELECT b.event_id FROM device_event b WHERE b.accepted_at < ? ORDER BY b.accepted_at DESC, b.event_id DESC LIMIT 1), 0))
            ORDER BY e.event_id DESC LIMIT ?""";

    private final JdbcTemplate jdbc;

    PushHistory(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Counts what a device or user pushed, or everything where both are null. */
    public PushCounts count(String deviceId, String userId) {
        return jdbc.query(
                COUNT,
                ps -> Bind.to(ps).text(deviceId).text(deviceId).text(userId).text(userId),
                rs -> rs.next() ? new PushCounts(rs.getLong(1), rs.getLong(2)) : new PushCounts(0, 0));
    }

    /** The newest events that were pushed, newest first. */
    public List<Pushed> newest(PushQuery query) {
        return jdbc.query(
                NEWEST, ps -> bind(Bind.to(ps), query), (rs, row) -> new Pushed(Feed.event(rs, 0), rs.getString(9), rs.getBoolean(10)));
    }

    private static void bind(Bind bind, PushQuery query) throws SQLException {
        bind.text(query.deviceId()).text(query.deviceId()).text(query.userId()).text(query.userId());
        bind.nullableNumber(query.before()).nullableNumber(query.before());
        bind.at(query.from()).at(query.from()).at(query.to()).at(query.to()).integer(query.limit());
    }
}
