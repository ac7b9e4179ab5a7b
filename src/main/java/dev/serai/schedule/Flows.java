package dev.serai.schedule;

/** The flows that a schedule can start: the {@code direct:} routes of the route files. */
@FunctionalInterface
public interface Flows {

    /**
     * Runs the flow and returns when it is through. A flow that is just being replaced by an edited one is waited for.
     *
     * @param flow     the id of a {@code direct:} route
     * @param argument the body that the route gets, a text of the schedule's own
     * @throws RuntimeException where there is no such route, or where it failed and did not deal with it
     */
    void start(String flow, String argument);
}
