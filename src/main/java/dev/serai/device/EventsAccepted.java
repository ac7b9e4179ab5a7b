package dev.serai.device;

import java.util.List;

/** Is told of events that this hub has just accepted, after their commit, on the thread that accepts: it must return at once. */
public interface EventsAccepted {

    /** {@code events} are new, in order, and never empty. */
    void accepted(List<DeviceEvent> events);
}
