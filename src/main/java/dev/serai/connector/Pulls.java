package dev.serai.connector;

import dev.serai.connector.Pull.ComparedPage;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerLines;
import dev.serai.record.PageResult;
import dev.serai.record.Pipeline;
import dev.serai.record.Pipeline.Compared;
import dev.serai.run.Cursors;
import dev.serai.run.Cursors.Cursor;
import dev.serai.run.Position;
import dev.serai.run.Run;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.run.SeenRecords;
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
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The steps of the route template {@code pull-connector}: open, then read and accept page by page, then complete. */
@Component("pulls")
public class Pulls {

    private static final Logger log = LoggerFactory.getLogger(Pulls.class);

    /** Pages without a change are saved together, at least this often. */
    private static final Duration SAVE_INTERVAL = Duration.ofSeconds(1);

    private static final Duration STOP_INTERVAL = Duration.ofMillis(100);

    private final Runs runs;
    private final Cursors cursors;
    private final Connectors connectors;
    private final PullReader reader;
    private final Pipeline pipeline;
    private final Ledger ledger;
    private final Deletes deletes;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Duration overlap;

    Pulls(
            Runs runs,
            Cursors cursors,
            Connectors connectors,
            PullReader reader,
            Pipeline pipeline,
            Ledger ledger,
            Deletes deletes,
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            Clock clock,
            @Value("${serai.connectors.overlap}") Duration overlap) {
        this.runs = runs;
        this.cursors = cursors;
        this.connectors = connectors;
        this.reader = reader;
        this.pipeline = pipeline;
        this.ledger = ledger;
        this.deletes = deletes;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
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
        return new Pull(run, connector, full ? new SeenRecords(jdbc, run.runId()) : null, position, clock.instant());
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

    /** Leaves the pull with its next page in hand. A stop is seen while a slow source is waited for. */
    public void readPage(Pull pull) {
        if (pull.ahead == null) {
            pull.ahead = reader.begin(pull);
        }
        pull.page = null;
        while (pull.page == null && !pull.stopped) {
            if (isToStop(pull)) {
                pull.stopped = true;
                pull.more = false;
                pull.close();
            } else {
                pull.page = pull.ahead.poll(STOP_INTERVAL);
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

    /** Hands the page to the pipeline. The run's position moves on in the transaction that applies the page. */
    public void acceptPage(Pull pull) {
        if (pull.page == null) {
            return;
        }
        ComparedPage page = pull.page;
        Compared compared = page.compared().isTouchedBy(pull.changed) ? pipeline.compare(page.compared().page()) : page.compared();
        PageResult result = pipeline.accept(compared, inside -> {
            see(pull, inside);
            save(pull, page.following(), new LedgerLines().addAll(pull.unsaved).addAll(inside.lines()));
        });
        pull.changed = result.changed();
        pull.position = page.following();
        if (result.written()) {
            saved(pull);
        } else {
            see(pull, result);
            pull.unsaved.addAll(result.lines());
            if (Duration.between(pull.saved, clock.instant()).compareTo(SAVE_INTERVAL) >= 0) {
                flush(pull);
            }
        }
        pull.more = !pull.position.ended() && !pull.reachedMaxPages();
    }

    private static void see(Pull pull, PageResult result) {
        if (pull.seen != null) {
            pull.seen.add(result.recordIds());
        }
    }

    private void flush(Pull pull) {
        transaction.executeWithoutResult(status -> save(pull, pull.position, pull.unsaved));
        saved(pull);
    }

    private void save(Pull pull, Position position, LedgerLines lines) {
        ledger.write(lines);
        if (pull.seen != null) {
            pull.seen.save(position.records());
        }
        runs.progress(pull.run, position);
    }

    private void saved(Pull pull) {
        pull.unsaved = new LedgerLines();
        pull.saved = clock.instant();
        if (pull.seen != null) {
            pull.seen.saved();
        }
    }

    /** Ends the run: cancelled where it was stopped, else after a full run's deletes are found, with the cursor moved on. */
    public void complete(Pull pull) {
        flush(pull);
        boolean toTheEnd = pull.position.ended();
        if (pull.stopped) {
            leaveUnfinished(pull);
            end(pull, RunStatus.CANCELLED, "Stopped after " + pages(pull) + "; what was read stays applied", null);
            return;
        }
        if (pull.seen != null && toTheEnd) {
            Optional<String> refusal = deletes.find(pull);
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

    private void end(Pull pull, RunStatus status, String message, String error) {
        runs.end(pull.run, status, message, error);
        log.info("Sync of {} is {}: {}", pull.run.entityType(), status.text(), message);
        if (pull.seen != null) {
            pull.seen.forget();
        }
    }

    /** Ends a run that cannot go on, and says which page it was, what stays, and how to go on. */
    void fail(Pull pull, RuntimeException failure) {
        flush(pull);
        leaveUnfinished(pull);
        long page = pull.position.pages() + 1;
        SyncRequest request = pull.run.request();
        boolean malformed = failure instanceof MalformedPage;
        String reason = String.format(
                Locale.ROOT,
                "Page %d of %s %s: %s. The run stopped after %s; what was read stays applied. Start it again to go on%s.",
                page,
                request.connector(),
                malformed ? "cannot be used" : "cannot be read",
                failure.getMessage(),
                pages(pull),
                request.syncType() == SyncType.INCREMENTAL ? " from page " + page : "");
        end(pull, RunStatus.FAILED, "Sync failed", reason);
    }

    private static String pages(Pull pull) {
        long pages = pull.position.pages();
        return String.format(Locale.ROOT, "%d %s with %,d records", pages, pages == 1 ? "page" : "pages", pull.position.records());
    }
}
