package dev.serai.device;

import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Reads events in order and keeps what each device has acknowledged. */
@Component
class Feed {

    static final String COLUMNS = "e.event_id, e.accepted_at, e.device_id, e.user_id, e.event_type, e.happened_at, e.payload, e.live";

    /** Walks only the gaps between what is acknowledged, so that a page costs what is in it. The page is read in order, gap by gap. */
    private static final String PAGE = """
            WITH state AS MATERIALIZED (
                SELECT int8multirange(int8range(%s, NULL))
                         - coalesce((SELECT acknowledged FROM device_feed WHERE device_id = ?), '{}'::int8multirange) AS open,
                       (SELECT max(event_id) FROM device_event) AS head),
            page AS MATERIALIZED (
                SELECT e.* FROM state s CROSS JOIN LATERAL unnest(s.open) AS gap
                CROSS JOIN LATERAL (
                    SELECT * FROM device_event e
                    WHERE e.event_id >= lower(gap) AND e.event_id < coalesce(upper(gap), 9223372036854775807) AND e.device_id <> ?%s
                    ORDER BY e.event_id LIMIT ?) e
                LIMIT ?)
            SELECT lower(s.open), s.head,\s""" + COLUMNS + " FROM state s LEFT JOIN page e ON true ORDER BY e.event_id";

    private static final String ALL = PAGE.formatted("?", "");
    private static final String LIVE = PAGE.formatted("?", " AND e.live");
    private static final String SINCE = PAGE.formatted(
            """
            greatest(?, (SELECT event_id FROM device_event WHERE accepted_at >= ?::timestamptz ORDER BY accepted_at, event_id LIMIT 1))""",
            " AND e.accepted_at >= ?::timestamptz");

    /** Own events are skipped; from so many on, it is remembered that they are. */
    private static final int WORTH_REMEMBERING = 1_000;

    private static final int FORGET_AT_ONCE = 10_000;

    private final JdbcTemplate jdbc;

    Feed(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    FeedPage read(FeedQuery query) {
        List<DeviceEvent> events = new ArrayList<>(Math.min(query.limit(), 1_000) + 1);
        long[] openAndHead = new long[2];
        jdbc.query(
                query.since() != null ? SINCE : query.liveOnly() ? LIVE : ALL,
                ps -> bind(Bind.to(ps), query),
                rs -> {
                    openAndHead[0] = rs.getLong(1);
                    openAndHead[1] = rs.getLong(2);
                    if (rs.getLong(3) != 0) {
                        events.add(event(rs, 2));
                    }
                });
        if (query.since() == null && !query.liveOnly()) {
            rememberSkipped(query.deviceId(), openAndHead[0], events.isEmpty() ? openAndHead[1] + 1 : events.get(0).eventId());
        }
        boolean more = events.size() > query.limit();
        List<DeviceEvent> page = more ? events.subList(0, query.limit()) : events;
        return new FeedPage(List.copyOf(page), more, page.isEmpty() ? query.after() : page.get(page.size() - 1).eventId());
    }

    private static void bind(Bind bind, FeedQuery query) throws SQLException {
        bind.number(query.after() + 1);
        if (query.since() != null) {
            bind.at(query.since());
        }
        bind.text(query.deviceId()).text(query.deviceId());
        if (query.since() != null) {
            bind.at(query.since());
        }
        bind.integer(query.limit() + 1).integer(query.limit() + 1);
    }

    /** What lies between where the reading began and the first event found is all the device's own, or acknowledged. */
    private void rememberSkipped(String deviceId, long from, long firstFound) {
        if (firstFound - from > WORTH_REMEMBERING) {
            jdbc.update(
                    """
                    INSERT INTO device_feed AS f (device_id, acknowledged) VALUES (?, int8multirange(int8range(?, ?)))
                    ON CONFLICT (device_id) DO UPDATE SET acknowledged = f.acknowledged + excluded.acknowledged""",
                    ps -> Bind.to(ps).text(deviceId).number(from).number(firstFound));
        }
    }

    List<DeviceEvent> find(Collection<Long> eventIds) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM device_event e WHERE e.event_id = ANY (?) ORDER BY e.event_id",
                ps -> Bind.to(ps).numbers(eventIds, Long::longValue),
                (rs, row) -> event(rs, 0));
    }

    List<DeviceEvent> between(long first, long last, int limit) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM device_event e WHERE e.event_id BETWEEN ? AND ? ORDER BY e.event_id LIMIT ?",
                ps -> Bind.to(ps).number(first).number(last).integer(limit),
                (rs, row) -> event(rs, 0));
    }

    List<DeviceEvent> liveAfter(long eventId, int limit) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM device_event e WHERE e.live AND e.event_id > ? ORDER BY e.event_id LIMIT ?",
                ps -> Bind.to(ps).number(eventId).integer(limit),
                (rs, row) -> event(rs, 0));
    }

    long newest() {
        return jdbc.queryForObject("SELECT coalesce(max(event_id), 0) FROM device_event", Long.class);
    }

    int acknowledge(String deviceId, Collection<Long> eventIds) {
        return jdbc.query(
                "SELECT acknowledge_device_events(?, ?)",
                ps -> Bind.to(ps).text(deviceId).numbers(eventIds, Long::longValue),
                rs -> rs.next() ? rs.getInt(1) : 0);
    }

    void forget(Instant before) {
        int gone;
        do {
            gone = jdbc.update(
                    """
                    DELETE FROM device_event WHERE event_id = ANY (ARRAY(
                        SELECT event_id FROM device_event WHERE accepted_at < ? ORDER BY accepted_at LIMIT ?))""",
                    ps -> Bind.to(ps).at(before).integer(FORGET_AT_ONCE));
        } while (gone == FORGET_AT_ONCE);
    }

    static DeviceEvent event(ResultSet rs, int behind) throws SQLException {
        Instant acceptedAt = Columns.instant(rs, behind + 2);
        Instant happenedAt = Columns.instant(rs, behind + 6);
        return new DeviceEvent(
                rs.getLong(behind + 1), acceptedAt, rs.getString(behind + 3), rs.getString(behind + 4), rs.getString(behind + 5),
                happenedAt == null ? acceptedAt : happenedAt, rs.getString(behind + 7), rs.getBoolean(behind + 8));
    }
}
