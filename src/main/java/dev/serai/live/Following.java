package dev.serai.live;

import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one client from where it left off to the present. While it reads what was missed, published messages are let go by: they are
 * in one of the next pages. The last page is read after the last message that was let go by.
 */
final class Following {

    private static final Logger LOG = LoggerFactory.getLogger(Following.class);
    private static final int PAGE = 200;

    private final LiveSession session;
    private final Outbox outbox;
    private final Executor workers;
    private final PageReader missed;
    private long position;
    private long letGo;
    private boolean present;

    Following(LiveSession session, Outbox outbox, Executor workers, long position, PageReader missed) {
        this.session = session;
        this.outbox = outbox;
        this.workers = workers;
        this.position = position;
        this.missed = missed;
    }

    void begin() {
        workers.execute(this::readPage);
    }

    /** Whether a published message goes to the client now. */
    synchronized boolean lets(LiveMessage message) {
        Long place = message.position();
        if (place == null) {
            return true;
        }
        if (!present) {
            letGo = Math.max(letGo, place);
            return false;
        }
        return place > position;
    }

    private void readPage() {
        if (!session.isOpen()) {
            return;
        }
        try {
            long from;
            long atLeast;
            synchronized (this) {
                from = position;
                atLeast = letGo;
            }
            List<LiveMessage> page = missed.after(from, PAGE);
            int queued = queue(page);
            synchronized (this) {
                position = queued == 0 ? position : page.get(queued - 1).position();
                if (queued == page.size() && queued < PAGE) {
                    position = Math.max(position, atLeast);
                    present = letGo <= position;
                }
            }
            session.flush();
            if (!isPresent()) {
                outbox.whenEmpty(this::begin);
            }
        } catch (RuntimeException e) {
            LOG.warn("What a live client had missed could not be read: {}", e.getMessage());
            session.close(CloseCode.FAILED, "What was missed could not be read. Connect again.");
        }
    }

    /** As many as leave room for what comes meanwhile; the rest is read again. */
    private int queue(List<LiveMessage> page) {
        int queued = 0;
        while (queued < page.size() && (queued == 0 || outbox.isHalfEmpty())) {
            session.queue(page.get(queued++));
        }
        return queued;
    }

    private synchronized boolean isPresent() {
        return present;
    }
}
