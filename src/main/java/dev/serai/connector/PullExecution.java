package dev.serai.connector;

import dev.serai.database.DatabaseFaults;
import dev.serai.run.Run;
import dev.serai.run.RunExecution;
import dev.serai.run.RunLost;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.web.ApiException;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Carries out a run by its connector's route. */
@Component
class PullExecution implements RunExecution {

    private static final Logger log = LoggerFactory.getLogger(PullExecution.class);

    private final ProducerTemplate producer;
    private final Connectors connectors;
    private final Pulls pulls;
    private final Runs runs;

    PullExecution(ProducerTemplate producer, Connectors connectors, Pulls pulls, Runs runs) {
        this.producer = producer;
        this.connectors = connectors;
        this.pulls = pulls;
        this.runs = runs;
    }

    @Override
    public String kind() {
        return Run.PULL;
    }

    @Override
    public void execute(Run run) {
        Pull pull;
        try {
            pull = pulls.open(run);
        } catch (SourceFailed | ApiException | IllegalArgumentException e) {
            runs.end(run, RunStatus.FAILED, "Sync failed", e.getMessage());
            return;
        }
        try {
            producer.requestBody("direct:" + connectors.routeIdOf(run.request().connector()), pull);
            if (pull.cutShort) {
                pulls.leave(pull);
            }
        } catch (CamelExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RunLost || cause instanceof DataAccessException || DatabaseFaults.isAway(cause) || Thread.currentThread().isInterrupted()) {
                throw (RuntimeException) cause;
            }
            log.error("The sync of {} failed: {}", run.entityType(), cause.getMessage());
            pulls.fail(pull, cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause));
        } finally {
            pull.close();
        }
    }
}
