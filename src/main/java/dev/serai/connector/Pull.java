package dev.serai.connector;

import dev.serai.connector.PageParser.Parsed;
import dev.serai.journal.LedgerLines;
import dev.serai.run.Position;
import dev.serai.run.Run;
import dev.serai.run.SeenRecords;
import java.time.Instant;
import java.util.concurrent.Future;

/** A run's pull in progress: where it stands, the page in hand, the page that is being read ahead. Used by one thread at a time. */
public final class Pull {

    /** A page with the position that follows it. */
    record ReadPage(Parsed parsed, Position following) {}

    final Run run;
    final Connector connector;
    /** Which records a full run has met; null for an incremental one. */
    final SeenRecords seen;

    Position position;
    ReadPage page;
    Future<ReadPage> ahead;
    boolean more;
    boolean stopped;

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
    }

    /** Whether there is another page to read; the route's loop asks. */
    public boolean isMore() {
        return more;
    }

    boolean reachedMaxPages() {
        Integer maxPages = run.request().maxPages();
        return maxPages != null && position.pages() >= maxPages;
    }
}
