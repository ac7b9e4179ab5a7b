package dev.serai.delivery;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What this hub is sending to one store: so many attempts at once, the rest waits here, for nobody but this store. While the store fails
 * nothing is sent but now and then a trial.
 */
final class Lane {

    private static final int TRIALS = 3;

    private final int width;
    private final int length;
    private final CircuitBreaker breaker;
    private final Deque<StoreDelivery> waiting = new ArrayDeque<>();
    private int underWay;

    /**
     * @param width  attempts at once
     * @param length deliveries in hand, those under way included
     * @param rest   the first pause of a failing store; doubled up to two minutes
     */
    Lane(String storeId, int width, int length, Duration rest) {
        this.width = width;
        this.length = length;
        this.breaker = CircuitBreaker.of(storeId, CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .permittedNumberOfCallsInHalfOpenState(TRIALS)
                .waitIntervalFunctionInOpenState(IntervalFunction.ofExponentialBackoff(rest, 2, Duration.ofMinutes(2)))
                .writableStackTraceEnabled(false)
                .build());
    }

    /** How many more deliveries to take up. */
    synchronized int room() {
        if (!breaker.tryAcquirePermission()) {
            return 0;
        }
        breaker.releasePermission();
        int most = breaker.getState() == CircuitBreaker.State.CLOSED ? length : TRIALS;
        return Math.max(0, most - waiting.size() - underWay);
    }

    synchronized int inHand() {
        return waiting.size() + underWay;
    }

    synchronized void add(StoreDelivery delivery) {
        waiting.add(delivery);
    }

    /** The next one to send, or null where there is none or it is not the time for one. */
    synchronized StoreDelivery next() {
        if (underWay >= width || waiting.isEmpty() || !breaker.tryAcquirePermission()) {
            return null;
        }
        underWay++;
        return waiting.poll();
    }

    /** What waits although nothing is under way: the store rests, and others may take it up later. */
    synchronized List<StoreDelivery> stuck() {
        return underWay > 0 ? List.of() : takeAll();
    }

    synchronized List<StoreDelivery> takeAll() {
        List<StoreDelivery> all = new ArrayList<>(waiting);
        waiting.clear();
        return all;
    }

    synchronized void ended(Verdict verdict, long nanos) {
        underWay--;
        switch (verdict.kind()) {
            case RETRY -> breaker.onError(nanos, TimeUnit.NANOSECONDS, new IllegalStateException(verdict.reason()));
            case NOT_TRIED -> breaker.releasePermission();
            // Whoever refuses is there.
            default -> breaker.onSuccess(nanos, TimeUnit.NANOSECONDS);
        }
    }
}
