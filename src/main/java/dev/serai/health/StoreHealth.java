package dev.serai.health;

/**
 * How one store's sync goes, or that of all stores together. Counts are of the last 24 hours where nothing else is said.
 *
 * @param recent              syncs that ended in the alerts' window
 * @param recentFailed        those of them that failed
 * @param slowestMillis       the slowest sync of the alerts' window
 * @param recentConflicts     conflicts of the last hour
 * @param records             what the store is known to have, as of the last comparison
 * @param differing           those of them that differ from the platform
 * @param consecutiveFailures deliveries that failed one after the other, up to now
 */
public record StoreHealth(
        long syncs,
        long succeeded,
        long failed,
        long millis,
        long recent,
        long recentFailed,
        long slowestMillis,
        long conflicts,
        long recentConflicts,
        long records,
        long differing,
        long attempts,
        long delivered,
        int consecutiveFailures) {

    static final StoreHealth NOTHING = new StoreHealth(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Percent of syncs that succeeded wholly; 100 where there was none. */
    public double successRate() {
        return percent(succeeded, syncs, 100);
    }

    /** Percent of the syncs of the alerts' window that failed. */
    public double recentFailureRate() {
        return percent(recentFailed, recent, 0);
    }

    /** Null where there was no sync. */
    public Long averageMillis() {
        return syncs == 0 ? null : millis / syncs;
    }

    public double driftPercentage() {
        return percent(differing, records, 0);
    }

    /** Percent of attempts that the store took; 100 where there was none. */
    public double deliveryRate() {
        return percent(delivered, attempts, 100);
    }

    StoreHealth plus(StoreHealth other) {
        return new StoreHealth(
                syncs + other.syncs,
                succeeded + other.succeeded,
                failed + other.failed,
                millis + other.millis,
                recent + other.recent,
                recentFailed + other.recentFailed,
                Math.max(slowestMillis, other.slowestMillis),
                conflicts + other.conflicts,
                recentConflicts + other.recentConflicts,
                records + other.records,
                differing + other.differing,
                attempts + other.attempts,
                delivered + other.delivered,
                Math.max(consecutiveFailures, other.consecutiveFailures));
    }

    private static double percent(long part, long whole, double orElse) {
        return whole == 0 ? orElse : 100.0 * part / whole;
    }
}
