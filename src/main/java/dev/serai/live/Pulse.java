package dev.serai.live;

import java.time.Duration;

/** When one client was last asked, and whether it has answered since. */
final class Pulse {

    enum Due { NOTHING, ASK, GIVE_UP }

    private final long interval;
    private final long timeout;
    private long asked = System.nanoTime();
    private boolean waiting;

    Pulse(Duration interval, Duration timeout) {
        this.interval = interval.toNanos();
        this.timeout = timeout.toNanos();
    }

    synchronized Due at(long nanoTime) {
        if (waiting) {
            return nanoTime - asked > timeout ? Due.GIVE_UP : Due.NOTHING;
        }
        if (nanoTime - asked < interval) {
            return Due.NOTHING;
        }
        asked = nanoTime;
        waiting = true;
        return Due.ASK;
    }

    synchronized void answered() {
        waiting = false;
    }
}
