package dev.serai.record;

import org.springframework.stereotype.Component;

/** Applies queued changes, batch by batch; the route {@code apply-changes} calls it. */
@Component("queueWorker")
public class QueueWorker {

    private final Pipeline pipeline;
    private final PendingQueue queue;

    QueueWorker(Pipeline pipeline, PendingQueue queue) {
        this.pipeline = pipeline;
        this.queue = queue;
    }

    /** Applies one batch of what waits in free buckets. Answers how many changes it took; 0 when there is nothing to do. */
    public int applyBatch() {
        return pipeline.applyJournalled(now -> queue.take(), "queue", batch -> {}).entries().size();
    }
}
