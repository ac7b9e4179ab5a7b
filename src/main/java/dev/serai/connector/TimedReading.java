package dev.serai.connector;

import dev.serai.connector.Pull.ReadPage;
import dev.serai.run.Stages;
import dev.serai.run.Stages.Stage;
import java.io.InputStream;
import java.util.function.Consumer;

/**
 * Tells the time that a source lets the hub wait from the time that reading takes; while a page waits for its taker neither goes on. And says why
 * it takes so long where the source has to be asked again.
 */
final class TimedReading implements PageFetcher.Reading {

    private final Stages stages;
    private final Consumer<String> waiting;
    private PageFetcher.Reading reading;
    private long since = System.nanoTime();
    private long handedOn;
    private int failures;

    /** @param waiting is given the reason for which the source is waited for, null when it has answered after all */
    TimedReading(Stages stages, Consumer<String> waiting) {
        this.stages = stages;
        this.waiting = waiting;
    }

    Consumer<ReadPage> handingTo(Consumer<ReadPage> taker) {
        return page -> {
            long from = System.nanoTime();
            taker.accept(page);
            handedOn += System.nanoTime() - from;
        };
    }

    TimedReading of(PageFetcher.Reading timed) {
        reading = timed;
        return this;
    }

    @Override
    public void read(InputStream answer, String link) throws Exception {
        stages.addSince(Stage.FETCH, since);
        if (failures > 0) {
            waiting.accept(null);
        }
        long from = System.nanoTime();
        handedOn = 0;
        try {
            reading.read(answer, link);
        } finally {
            since = System.nanoTime();
            stages.add(Stage.READ, since - from - handedOn);
        }
    }

    @Override
    public void failed(String reason) {
        failures++;
        waiting.accept(reason + ", " + (failures == 1 ? "once" : failures + " times") + " so far");
    }

    /** Another try was under way, and will not come. */
    void failed() {
        stages.addSince(Stage.FETCH, since);
    }
}
