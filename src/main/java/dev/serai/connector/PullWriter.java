package dev.serai.connector;

import dev.serai.connector.Pull.ComparedPage;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerLines;
import dev.serai.record.Compared;
import dev.serai.record.Pipeline;
import dev.serai.run.Position;
import dev.serai.run.Runs;
import dev.serai.run.Stages.Stage;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes what a run has read, while the run goes on reading. Pages with few differences share a transaction; the run's position moves on in
 * it. One write of a run is under way at a time, so that they are committed in order.
 */
@Component
class PullWriter implements DisposableBean {

    /** Differences that are enough for a write while none is under way, and those at which the run waits for the write before. */
    private static final int ENOUGH = 250;
    private static final int FULL = 1_000;

    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

    /** Pages without a difference are saved together, at least this often. */
    private static final Duration SAVE_INTERVAL = Duration.ofSeconds(1);

    private final Pipeline pipeline;
    private final Ledger ledger;
    private final Runs runs;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, "pull-writer"));

    PullWriter(Pipeline pipeline, Ledger ledger, Runs runs, PlatformTransactionManager transactions, Clock clock) {
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.runs = runs;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Takes a page. It is compared again where it has a key that was changed since it was compared. */
    void add(Pull pull, ComparedPage page) {
        Compared compared = page.compared();
        if (pull.hasChangedKeyOf(page.page())) {
            finish(pull);
            compared = pull.stages.timed(Stage.COMPARE, () -> pipeline.compare(page.page()));
        }
        pull.gathered = pull.gathered.and(compared);
        pull.position = page.following();
        writeIfDue(pull);
    }

    void writeIfDue(Pull pull) {
        int differences = pull.gathered.differences();
        boolean idle = pull.writing == null || pull.writing.isDone();
        Duration age = Duration.between(pull.written, clock.instant());
        boolean old = age.compareTo(differences > 0 ? LONGEST_WAIT : SAVE_INTERVAL) >= 0;
        if (differences >= FULL || idle && (differences >= ENOUGH || old)) {
            write(pull);
        }
    }

    /** Writes what is left, and returns when all is committed. */
    void finish(Pull pull) {
        write(pull);
        await(pull);
    }

    private void write(Pull pull) {
        await(pull);
        Compared gathered = pull.gathered;
        Position position = pull.position;
        pull.gathered = Compared.nothing();
        pull.rememberKeys(gathered.keys());
        pull.written = clock.instant();
        Map<String, String> logged = MDC.getCopyOfContextMap();
        pull.writing = threads.submit(() -> {
            MDC.setContextMap(logged == null ? Map.of() : logged);
            write(pull, gathered, position);
        });
    }

    private void write(Pull pull, Compared gathered, Position position) {
        long from = System.nanoTime();
        if (gathered.hasDifferences()) {
            pipeline.accept(gathered, inside -> save(pull, position, inside.lines(), inside.recordIds()));
        } else {
            transaction.executeWithoutResult(status -> save(pull, position, gathered.lines(), gathered.recordIds()));
        }
        if (pull.seen != null) {
            pull.seen.saved();
        }
        pull.stages.addSince(Stage.WRITE, from);
    }

    private void save(Pull pull, Position position, LedgerLines lines, long[] recordIds) {
        ledger.write(lines);
        if (pull.seen != null) {
            pull.seen.add(recordIds);
            pull.seen.save(position.records());
        }
        runs.progress(pull.run, position, pull.stages);
    }

    /** Has the run begin again with its first page when it is taken up again. */
    void startOver(Pull pull) {
        transaction.executeWithoutResult(status -> {
            if (pull.seen != null) {
                pull.seen.forget();
            }
            runs.progress(pull.run, pull.position.firstPage(), pull.stages);
        });
    }

    private static void await(Pull pull) {
        try {
            if (pull.writing != null) {
                pull.writing.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The hub is stopping", e);
        }
    }

    /** What is under way is committed or rolled back before the pool of connections closes. */
    @Override
    public void destroy() throws InterruptedException {
        threads.shutdown();
        threads.awaitTermination(10, TimeUnit.SECONDS);
    }
}
