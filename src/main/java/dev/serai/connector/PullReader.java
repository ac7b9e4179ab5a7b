package dev.serai.connector;

import dev.serai.connector.Pull.ComparedPage;
import dev.serai.connector.Pull.ReadPage;
import dev.serai.record.Pipeline;
import dev.serai.run.Position;
import dev.serai.run.Runs;
import dev.serai.run.Stages.Stage;
import dev.serai.run.SyncRequest;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Begins to read a pull's pages, from its position on, and compares them. */
@Component
class PullReader implements DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(PullReader.class);

    private final PageFetcher fetcher;
    private final Pipeline pipeline;
    private final Runs runs;
    private final Clock clock;
    private final int maxPageBytes;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> new Thread(task, "read-ahead"));

    PullReader(PageFetcher fetcher, Pipeline pipeline, Runs runs, Clock clock, @Value("${serai.connectors.max-page-bytes}") int maxPageBytes) {
        this.fetcher = fetcher;
        this.pipeline = pipeline;
        this.runs = runs;
        this.clock = clock;
        this.maxPageBytes = maxPageBytes;
    }

    ReadAhead begin(Pull pull) {
        return new ReadAhead(
                threads,
                pull.position,
                (at, taker) -> read(pull, at, taker),
                page -> new ComparedPage(
                        page.page(), pull.stages.timed(Stage.COMPARE, () -> pipeline.compare(page.page())), page.following()));
    }

    private Position read(Pull pull, Position at, Consumer<ReadPage> taker) {
        SyncRequest request = pull.run.request();
        PageRequest requests = new PageRequest(pull.connector, request.pageSize());
        Mapping mapping = new Mapping(
                request.connector(),
                pull.run.storeId(),
                pull.run.runId(),
                request.entityName(),
                request.keyFields(),
                request.modifiedField(),
                request.parent(),
                clock.instant());
        PageParser parser = new PageParser(pull.connector, maxPageBytes);
        TimedReading timed = new TimedReading(pull.stages, reason -> tellWaiting(pull, reason));
        AnswerReading reading = new AnswerReading(requests, parser, mapping, request.pageSize(), at, timed.handingTo(taker));
        try {
            fetcher.fetch(pull.connector, requests.address(at), timed.of(reading));
        } catch (SourceFailed e) {
            timed.failed();
            throw e;
        }
        return reading.position();
    }

    /** A word for whoever looks at the run meanwhile; where the database is away too, nobody can. */
    private void tellWaiting(Pull pull, String reason) {
        try {
            runs.say(pull.run, reason == null ? Runs.RUNNING : "Waiting to ask again: " + reason);
        } catch (DataAccessException e) {
            LOG.debug("The run {} does not say that its source is waited for", pull.run.runId(), e);
        }
    }

    @Override
    public void destroy() {
        threads.shutdownNow();
    }
}
