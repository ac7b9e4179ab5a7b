package dev.serai.connector;

import dev.serai.change.Change;
import dev.serai.record.Compared;
import dev.serai.record.Page;
import dev.serai.run.Position;
import dev.serai.run.Run;
import dev.serai.run.SeenRecords;
import dev.serai.run.Stages;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.camel.Route;

/** A run's pull in progress: where it stands, the page in hand, those that are read ahead. Used by one thread at a time. */
public final class Pull {

    /** A page with the position that follows it. */
    record ReadPage(Page page, Position following) {}

    /** A page with what remains of it when it is compared with what was known at that time. */
    record ComparedPage(Page page, Compared compared, Position following) {}

    final Run run;
    final Connector connector;
    final Route route;
    /** Which records a full run has met; null for an incremental one. Used by whoever writes. */
    final SeenRecords seen;
    final Stages stages;

    /** After the last page that was taken in. */
    Position position;
    ComparedPage page;
    ReadAhead ahead;
    boolean more;
    boolean stopped;
    /** Whether its route went away from under it: the run is at no end then. */
    boolean cutShort;
    Instant stopLookedFor;

    /** Pages that wait to be written together, when the last were, and the write that is under way. */
    Compared gathered = Compared.nothing();
    Instant written;
    Future<?> writing;

    /** Keys changed by the last two writes: a page may have been compared before they were committed, but none was before others. */
    private Set<String> lastKeys = Set.of();
    private Set<String> keysBefore = Set.of();

    Pull(Run run, Connector connector, Route route, SeenRecords seen, Position position, Instant now) {
        this.run = run;
        this.connector = connector;
        this.route = route;
        this.seen = seen;
        this.stages = Stages.goingOnFrom(run.stages());
        this.position = position;
        this.more = !position.ended();
        this.written = now;
        this.stopLookedFor = now;
    }

    /** Whether there is another page to read; the route's loop asks. */
    public boolean isMore() {
        return more;
    }

    boolean reachedMaxPages() {
        Integer maxPages = run.request().maxPages();
        return maxPages != null && position.pages() >= maxPages;
    }

    void rememberKeys(Set<String> changed) {
        keysBefore = lastKeys;
        lastKeys = changed;
    }

    /** Whether what is known of the page's records may no longer hold, because a page before it changes one of them. */
    boolean hasChangedKeyOf(Page page) {
        return page.changes().stream()
                .map(Change::key)
                .anyMatch(key -> gathered.keys().contains(key) || lastKeys.contains(key) || keysBefore.contains(key));
    }

    /** Nothing more is read, and nothing is under way when it returns. */
    void close() {
        if (ahead != null) {
            ahead.close();
        }
        try {
            if (writing != null) {
                writing.get();
            }
        } catch (ExecutionException e) {
            // Whoever waited for it before has told.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
