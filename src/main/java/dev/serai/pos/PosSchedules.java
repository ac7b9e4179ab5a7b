package dev.serai.pos;

import dev.serai.schedule.ScheduleKey;
import dev.serai.schedule.Schedules;
import dev.serai.schedule.Start;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** One schedule a terminal, with the terminal's own interval. A terminal that has an order, or calls itself, gets one. */
@Component("posSchedules")
public class PosSchedules {

    private static final String GROUP = "pos";
    private static final String FLOW = "pos-orders-scheduled";

    private final Schedules schedules;
    private final PosSettings settings;
    private final JdbcTemplate jdbc;
    /** Terminals whose schedule is as this hub's settings want it. */
    private final Set<String> done = ConcurrentHashMap.newKeySet();

    PosSchedules(Schedules schedules, PosSettings settings, JdbcTemplate jdbc) {
        this.schedules = schedules;
        this.settings = settings;
        this.jdbc = jdbc;
    }

    /** Whether syncs of the terminal can be asked for on this hub. */
    boolean isRunning(String terminalId) {
        return settings.isEnabled(terminalId) && schedules.isRunning();
    }

    /** When the terminal's orders are sent next by themselves. */
    Optional<Instant> nextRun(String terminalId) {
        return schedules.nextRun(new ScheduleKey(GROUP, terminalId));
    }

    void ensure(String terminalId) {
        if (settings.isEnabled(terminalId) && !done.contains(terminalId)) {
            schedules.every(new ScheduleKey(GROUP, terminalId), settings.intervalOf(terminalId), new Start(FLOW, terminalId));
            done.add(terminalId);
        }
    }

    @EventListener
    void begin(ApplicationStartedEvent started) {
        ensure(settings.terminalId());
        schedules.names(GROUP).stream().filter(terminalId -> !settings.isEnabled(terminalId))
                .forEach(terminalId -> schedules.remove(new ScheduleKey(GROUP, terminalId)));
    }

    /** Gives new terminals their schedule; the route {@code pos-orders-terminals} asks for it. */
    public void ensureAll() {
        if (settings.syncEnabled()) {
            List<String> terminals = jdbc.queryForList("SELECT terminal_id FROM pos_terminal ORDER BY terminal_id", String.class);
            terminals.forEach(this::ensure);
        }
    }
}
