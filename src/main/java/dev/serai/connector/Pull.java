package dev.serai.connector;

import dev.serai.journal.LedgerLines;
import dev.serai.record.Page;
import dev.serai.record.Pipeline.Compared;
import dev.serai.run.Position;
import dev.serai.run.Run;
import dev.serai.run.SeenRecords;
import java.time.Instant;
import java.util.Set;

/** A run's pull in progress: where it stands, the page in hand, those that are read ahead. Used by one thread at a time. */
public final class Pull {

    /** A page with the position that follows it. */
    record ReadPage(Page page, Position following) {}

    /** A page with what is known of its records. */
    record ComparedPage(Compared compared, Position following) {}

    final Run run;
    final Connector connector;
    /** Which records a full run has met; null for an incremental one. */
    final SeenRecords seen;

    Position position;
    ComparedPage page;
    /** Keys that the page before changed: what was known of them when this one was compared no longer holds. */
    Set<String> changed = Set.of();
    ReadAhead ahead;
    boolean more;
    boolean stopped;
    Instant stopLookedFor;

    /** Lines of pages without a change, until the next write. */
    LedgerLines unsaved = new LedgerLines();
    Instant saved;

    Pull(Run run, Connector connector, SeenRecords seen, Position position, Instant now) {
        this.run = run;
        this.connector = connector;
        this.seen = seen;
        this.position = position;
        this.more = !position.ended();
        this.saved = now;
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

    /** Nothing more is read. */
    void close() {
        if (ahead != null) {
            ahead.close();
        }
    }
}
