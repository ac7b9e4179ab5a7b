package dev.serai.connector;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.run.Cursors;
import dev.serai.run.Cursors.Cursor;
import dev.serai.run.Position;
import dev.serai.run.Run;
import dev.serai.run.RunLeft;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.run.SeenRecords;
import dev.serai.run.Stages.Stage;
import dev.serai.run.SyncRequest;
import dev.serai.run.SyncRequest.SyncType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** The steps of the route template {@code pull-connector}: open, then read and accept page by page, then complete. */
@Component("pulls")
public class Pulls {

    private static final Logger log = LoggerFactory.getLogger(Pulls.class);

    private static final Duration STOP_INTERVAL = Duration.ofMillis(100);

    private final Runs runs;
    private final Cursors cursors;
    private final Connectors connectors;
    private final PullReader reader;
    private final PullWriter writer;
    private final Deletes deletes;
    private final JdbcTemplate jdbc;
    private final Clock clock;
    private final Duration overlap;

    Pulls(
            Runs runs,
            Cursors cursors,
            Connectors connectors,
            PullReader reader,
            PullWriter writer,
            Deletes deletes,
            JdbcTemplate jdbc,
            Clock clock,
            @Value("${serai.connectors.overlap}") Duration overlap) {
        this.runs = runs;
        this.cursors = cursors;
        this.connectors = connectors;
        this.reader = reader;
        this.writer = writer;
        this.deletes = deletes;
        this.jdbc = jdbc;
        this.clock = clock;
        this.overlap = overlap;
    }

    /** Takes a run, leaves its pull: at the run's position if it has one, else where its sync has to begin. */
    public Pull open(Run run) {
        SyncRequest request = run.request();
        Connector connector = connectors.find(request.connector())
                .orElseThrow(() -> new SourceFailed("there is no connector " + request.connector() + " any more", 404, null));
        boolean full = request.syncType() == SyncType.FULL;
        Position position = run.position() != null ? run.position() : begin(request);
        return new Pull(run, connector, connectors.routeOf(connector.slug()), full ? new SeenRecords(jdbc, run.runId()) : null, position, clock.instant());
    }

    private Position begin(SyncRequest request) {
        Instant now = clock.instant();
        if (request.syncType() == SyncType.FULL) {
            return Position.start(null, now);
        }
        Cursor cursor = cursors.find(request);
        if (cursor.unfinished() != null && cursor.unfinished().pageSize() == request.pageSize()) {
            return cursor.unfinished().position();
        }
        return Position.start(cursor.readUntil() == null ? null : cursor.readUntil().minus(overlap), now);
    }

    /** Leaves the pull with its next page in hand. A stop, and that of the route, is seen while a slow source is waited for. */
    public void readPage(Pull pull) {
        if (pull.ahead == null) {
            pull.ahead = reader.begin(pull);
        }
        pull.page = null;
        while (pull.page == null && !pull.stopped && !pull.cutShort) {
            pull.stopped = isToStop(pull);
            pull.cutShort = !pull.stopped && connectors.isLeaving(pull.route);
            if (pull.stopped || pull.cutShort) {
                pull.more = false;
                pull.close();
            } else {
                pull.page = pull.ahead.poll(STOP_INTERVAL);
                writer.writeIfDue(pull);
            }
        }
    }

    /** Pages may follow each other by milliseconds: not each is worth a question. */
    private boolean isToStop(Pull pull) {
        Instant now = clock.instant();
        if (Duration.between(pull.stopLookedFor, now).compareTo(STOP_INTERVAL) < 0) {
            return false;
        }
        pull.stopLookedFor = now;
        return runs.isStopRequested(pull.run);
    }

    /** Hands the page on to be written. The run's position moves on in the transaction that applies the page. */
    public void acceptPage(Pull pull) {
        if (pull.page != null) {
            writer.add(pull, pull.page);
            pull.more = !pull.position.ended() && !pull.reachedMaxPages();
        }
    }

    /**
     * Ends the run: cancelled where it was stopped, else after a full run's deletes are found, with the cursor moved on. Where the route broke
     * its loop off nothing has ended.
     */
    public void complete(Pull pull) {
        writer.finish(pull);
        pull.cutShort |= pull.more;
        if (pull.cutShort) {
            return;
        }
        boolean toTheEnd = pull.position.ended();
        if (pull.stopped) {
            leaveInterrupted(pull, goesOn(pull));
            end(pull, RunStatus.CANCELLED, "Stopped after " + pages(pull) + "; what was read stays applied", null);
            return;
        }
        if (pull.seen != null && toTheEnd) {
            Optional<String> refusal = pull.stages.timed(Stage.DELETE, () -> deletes.find(pull));
            if (refusal.isPresent()) {
                end(pull, RunStatus.FAILED, "Nothing was deleted", refusal.get());
                return;
            }
        }
        if (toTheEnd) {
            moveCursor(pull);
        } else {
            leaveUnfinished(pull);
        }
        end(pull, RunStatus.COMPLETED, "Synced " + pages(pull), null);
    }

    /** What was modified after the run began may be missing from the pages that were read before. */
    private void moveCursor(Pull pull) {
        Instant highest = pull.position.highest();
        Instant begun = pull.position.begun();
        Instant before = cursors.find(pull.run.request()).readUntil();
        Instant readUntil = highest == null ? before : highest.isBefore(begun) ? highest : begun;
        boolean wentBack = before != null && readUntil != null && readUntil.isBefore(before);
        cursors.finished(pull.run.request(), wentBack ? before : readUntil);
    }

    private void leaveUnfinished(Pull pull) {
        if (pull.run.request().syncType() == SyncType.INCREMENTAL) {
            cursors.unfinished(pull.run.request(), pull.position);
        }
    }

    /** Where rows move up between two runs, a page's number is another page: only what the source's own cursor names stays where it is. */
    private static boolean goesOn(Pull pull) {
        return pull.run.request().syncType() == SyncType.INCREMENTAL
                && pull.connector.paging() == Connector.Paging.CURSOR
                && pull.position.next() != null;
    }

    /** The next run begins at its first page where it cannot go on from this one's position. */
    private void leaveInterrupted(Pull pull, boolean goesOn) {
        if (goesOn) {
            leaveUnfinished(pull);
        } else if (pull.run.request().syncType() == SyncType.INCREMENTAL) {
            cursors.dropUnfinished(pull.run.request());
        }
    }

    private void end(Pull pull, RunStatus status, String message, String error) {
        runs.saveStages(pull.run, pull.stages);
        runs.end(pull.run, status, message, error);
        log.info("Sync of {} is {}: {}", pull.run.entityType(), status.text(), message);
        if (pull.seen != null) {
            pull.seen.forget();
        }
    }

    /** Ends a run that cannot go on, and says which page it was, what stays, and how to go on. */
    void fail(Pull pull, RuntimeException failure) {
        writer.finish(pull);
        boolean forgotten = goesOn(pull) && failure instanceof SourceFailed source && source.mayHaveForgotten();
        boolean goesOn = goesOn(pull) && !forgotten;
        leaveInterrupted(pull, goesOn);
        long page = pull.position.pages() + 1;
        SyncRequest request = pull.run.request();
        boolean malformed = failure instanceof MalformedPage;
        String reason = String.format(
                Locale.ROOT,
                "Page %d of %s %s: %s. The run stopped after %s; what was read stays applied. Start it again%s.",
                page,
                request.connector(),
                malformed ? "cannot be used" : "cannot be read",
                failure.getMessage(),
                pages(pull),
                goesOn ? " to go on from page " + page : ": it begins at page 1" + (forgotten ? ", as the source may no longer know the cursor of this one" : ""));
        String code = malformed ? "INVALID_DATA_FORMAT" : failure instanceof SourceFailed source ? source.code() : null;
        if (code != null) {
            runs.saveResult(pull.run, JsonNodeFactory.instance.objectNode().put("error_code", code));
        }
        end(pull, RunStatus.FAILED, "Sync failed", reason);
    }

    /** Waits until a pull's route is replaced, and leaves its run to be taken up again: from its first page where the source is another now. */
    void leave(Pull pull) {
        pull.close();
        connectors.awaitSuccessor(pull.route);
        connectors.findUsable(pull.connector.slug()).filter(now -> !now.equals(pull.connector)).ifPresent(now -> writer.startOver(pull));
        throw new RunLeft("The sync of " + pull.run.entityType() + " was cut short after " + pages(pull)
                + ", since the route of connector " + pull.connector.slug() + " was stopped; it is taken up again");
    }

    private static String pages(Pull pull) {
        long pages = pull.position.pages();
        return String.format(Locale.ROOT, "%d %s with %,d records", pages, pages == 1 ? "page" : "pages", pull.position.records());
    }
}
