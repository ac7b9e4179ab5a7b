package dev.serai.connector;

import dev.serai.connector.PageParser.Pages;
import dev.serai.connector.PageParser.Parsed;
import dev.serai.connector.Pull.ReadPage;
import dev.serai.run.Position;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns one answer into pages with the positions that follow them. What a position says is done of the answer is read over; so an answer
 * that broke off, or was cut off by a crash, goes on where it ended, as long as it begins with the same records.
 */
final class AnswerReading implements PageFetcher.Reading, Pages {

    private final PageRequest request;
    private final PageParser parser;
    private final Mapping mapping;
    private final int pageSize;
    private final Consumer<ReadPage> taker;

    private Position position;
    private long toSkip;
    private long skippedHash;

    AnswerReading(PageRequest request, PageParser parser, Mapping mapping, int pageSize, Position position, Consumer<ReadPage> taker) {
        this.request = request;
        this.parser = parser;
        this.mapping = mapping;
        this.pageSize = pageSize;
        this.position = position;
        this.taker = taker;
    }

    /** Where the pull stands after what was read. */
    Position position() {
        return position;
    }

    @Override
    public void read(InputStream answer, String link) throws IOException {
        toSkip = position.partly() == null ? 0 : position.partly().records();
        skippedHash = 0;
        try {
            finish(parser.parse(answer, mapping, this), link);
        } catch (Repetition e) {
            handOn(ReadRecords.none(mapping.entityType()), position.atEnd());
        }
    }

    private void finish(Parsed parsed, String link) throws IOException {
        ReadRecords last = parsed.last();
        if (toSkip > 0) {
            skip(last);
            last = ReadRecords.none(mapping.entityType());
        }
        if (toSkip > 0) {
            beginAgain();
        }
        if (request.repeats(position, last)) {
            if (Boolean.TRUE.equals(parsed.hasMore())) {
                throw new MalformedPage("it is the same as the page before, yet says that there are more");
            }
            throw new Repetition();
        }
        Optional<String> next = request.next(position, parsed, link);
        String onward = next.filter(n -> !n.isEmpty()).orElse(null);
        handOn(last, position.after(last.size(), last.hash(), onward, last.highest(), next.isEmpty()));
    }

    @Override
    public int room() {
        return toSkip > 0 ? (int) Math.min(pageSize, toSkip) : pageSize;
    }

    @Override
    public void full(ReadRecords page) throws IOException {
        if (toSkip > 0) {
            skip(page);
        } else if (request.repeats(position, page)) {
            throw new Repetition();
        } else {
            handOn(page, position.within(page.size(), page.hash(), page.highest()));
        }
    }

    private void skip(ReadRecords page) throws IOException {
        toSkip -= page.size();
        skippedHash += page.hash();
        if (toSkip == 0 && skippedHash != position.partly().hash()) {
            beginAgain();
        }
    }

    /** The source has other records at the beginning of its answer by now: one that was never read could hide among those to be skipped. */
    private void beginAgain() throws IOException {
        position = position.answerStart();
        throw new IOException("it begins with other records than when it was read before");
    }

    private void handOn(ReadRecords records, Position following) {
        position = following;
        taker.accept(new ReadPage(records.page(), following));
    }

    /** The source begins its answer with the same records as the one before: it answers everything, whichever page it is asked for. */
    private static final class Repetition extends RuntimeException {}
}
