package dev.serai.routing;

/**
 * What a flow hands over when its retries are used up.
 *
 * @param routeId where it failed
 * @param body    the message as it was at the failing step
 * @param failure why
 * @param retries how often it was tried again
 */
public record FailedStep(String routeId, Object body, Throwable failure, int retries) {

    /** Takes what failed for good. A bean of this type makes dead letters of it; without one it is said in the log. */
    @FunctionalInterface
    public interface Sink {
        void park(FailedStep step);
    }
}
