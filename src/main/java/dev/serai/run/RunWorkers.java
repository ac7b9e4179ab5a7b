package dev.serai.run;

import dev.serai.database.DatabaseFaults;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Takes up runs, those that wait and those of hubs that died; a bounded number of them at once. */
@Component("runWorkers")
public class RunWorkers implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunWorkers.class);

    private final Runs runs;
    private final HubNumber hub;
    private final Map<String, RunExecution> executions;
    private final List<AfterRun> afterwards;
    private final MeterRegistry meters;
    private final Timer durations;
    private final Semaphore free;
    private final Set<UUID> inHand = ConcurrentHashMap.newKeySet();
    private ExecutorService threads;
    private volatile boolean running;

    RunWorkers(
            Runs runs,
            HubNumber hub,
            List<RunExecution> executions,
            List<AfterRun> afterwards,
            MeterRegistry meters,
            @Value("${serai.runs.at-once}") int atOnce) {
        this.runs = runs;
        this.hub = hub;
        this.executions = executions.stream().collect(Collectors.toMap(RunExecution::kind, Function.identity()));
        this.afterwards = afterwards;
        this.meters = meters;
        this.durations = Timer.builder("serai.run.duration").description("How long runs take on this hub").register(meters);
        this.free = new Semaphore(atOnce);
    }

    /** Takes up what there is to do. Called when a run is asked for, and every few seconds by the route {@code take-up-runs}. */
    public synchronized void takeUp() {
        while (running && free.tryAcquire()) {
            boolean taken = false;
            try {
                taken = runs.claim(hub.get(), inHand, executions.keySet()).map(this::start).isPresent();
            } catch (DataAccessException e) {
                if (!DatabaseFaults.isAway(e)) {
                    log.warn("Runs cannot be taken up now: {}", e.getMostSpecificCause().getMessage());
                }
            } finally {
                if (!taken) {
                    free.release();
                }
            }
            if (!taken) {
                return;
            }
        }
    }

    private Run start(Run run) {
        inHand.add(run.runId());
        threads.execute(() -> {
            MDC.put("run", run.runId().toString());
            Timer.Sample duration = Timer.start(meters);
            try {
                executions.get(run.kind()).execute(run);
                afterwards.forEach(after -> after.ended(run));
            } catch (RunLost e) {
                log.warn("{}", e.getMessage());
            } catch (RunLeft e) {
                log.info("{}", e.getMessage());
            } catch (RuntimeException e) {
                cutOff(run, e);
            } finally {
                duration.stop(durations);
                inHand.remove(run.runId());
                MDC.remove("run");
                free.release();
                takeUp();
            }
        });
        return run;
    }

    private void cutOff(Run run, RuntimeException e) {
        if (running && DatabaseFaults.isAway(e)) {
            log.warn("The sync of {} was cut off with the database; it will be taken up again", run.entityType());
        } else if (running) {
            log.error("The sync of {} was cut off; it will be taken up again", run.entityType(), e);
        } else {
            log.info("The sync of {} goes on when a hub is there again", run.entityType());
        }
    }

    @Override
    public void start() {
        threads = Executors.newCachedThreadPool(task -> new Thread(task, "run"));
        running = true;
    }

    /** Runs are left where they are: another hub, or this one after its restart, goes on from their last committed page. */
    @Override
    public void stop() {
        running = false;
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
