package dev.serai.storesync;

import dev.serai.schedule.ScheduleKey;
import dev.serai.schedule.Schedules;
import dev.serai.schedule.Start;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import java.time.Instant;
import org.springframework.stereotype.Component;

/** A store's schedule, as its frequency asks for one. */
@Component
class StoreSchedules {

    static final String GROUP = "stores";
    private static final String FLOW = "scheduled-store-sync";

    private final Schedules schedules;

    StoreSchedules(Schedules schedules) {
        this.schedules = schedules;
    }

    /** Makes, changes or removes the schedule, in the current transaction; one that is right already goes on undisturbed. */
    void follow(StoreConfig store) {
        ScheduleKey key = key(store.storeId());
        if (store.frequency().interval() == null) {
            schedules.remove(key);
        } else {
            schedules.every(key, store.frequency().interval(), new Start(FLOW, store.storeId()));
        }
    }

    /** A paused store starts nothing; when it goes on, what was missed is one sync at once. */
    void setPaused(StoreConfig store, boolean paused) {
        if (store.frequency().interval() == null) {
            return;
        }
        if (paused) {
            schedules.pause(key(store.storeId()));
        } else {
            schedules.resume(key(store.storeId()));
        }
    }

    /** {@code real_time}, {@code manual}, or the time of the next scheduled sync; null while the store is paused. */
    String next(StoreConfig store) {
        Frequency frequency = store.frequency();
        return frequency.interval() == null
                ? frequency.text()
                : schedules.nextRun(key(store.storeId())).map(Instant::toString).orElse(null);
    }

    private static ScheduleKey key(String storeId) {
        return new ScheduleKey(GROUP, storeId);
    }
}
