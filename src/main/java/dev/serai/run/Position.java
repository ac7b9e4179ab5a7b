package dev.serai.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * Where a run stands, as of its last committed page; kept with the run as JSON, and with the sync's cursor where a run ends early.
 *
 * @param pages   how many answers of the source are done
 * @param records how many records were done, with those of an answer that is done in part
 * @param next    the source's own cursor or link to the next page; null for page numbers, offsets and the first page
 * @param since   an incremental run reads what was modified since then; null for all
 * @param begun   when the first of the runs that led here began: what changed later may be missing from pages read before
 * @param highest the latest modified time seen
 * @param ended   whether the source has no more pages
 * @param partly  how much of the next answer is done, where it is longer than a page; else null
 * @param opening hash of the first page of the last answer: a source that begins with the same again does no paging
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Position(
        long pages, long records, String next, Instant since, Instant begun, Instant highest, boolean ended, Partly partly, Long opening) {

    /**
     * The beginning of an answer.
     *
     * @param hash    sum of its records' hashes, by which the same records are recognised when the answer is read again
     * @param opening that of its first page
     */
    public record Partly(long records, long hash, long opening) {}

    public static Position start(Instant since, Instant now) {
        return new Position(0, 0, null, since, now, null, false, null, null);
    }

    /** The position after one page more, which is the last of its answer; {@code ended} where that was the last. */
    public Position after(int pageRecords, long pageHash, String next, Instant pageHighest, boolean ended) {
        Long opened = partly != null ? Long.valueOf(partly.opening) : pageRecords > 0 ? pageHash : null;
        return new Position(pages + 1, records + pageRecords, next, since, begun, later(pageHighest), ended, null, opened);
    }

    /** The position after one page more, after which the same answer goes on. */
    public Position within(int pageRecords, long pageHash, Instant pageHighest) {
        Partly more = partly == null
                ? new Partly(pageRecords, pageHash, pageHash)
                : new Partly(partly.records + pageRecords, partly.hash + pageHash, partly.opening);
        return new Position(pages, records + pageRecords, next, since, begun, later(pageHighest), false, more, opening);
    }

    /** The beginning of the answer that is done in part. */
    public Position answerStart() {
        return partly == null ? this : new Position(pages, records - partly.records, next, since, begun, highest, false, null, opening);
    }

    /** The first page, of what this position is one of. */
    public Position firstPage() {
        return start(since, begun);
    }

    /** Nothing more comes. */
    public Position atEnd() {
        return new Position(pages, records, next, since, begun, highest, true, null, opening);
    }

    private Instant later(Instant pageHighest) {
        return highest == null || (pageHighest != null && pageHighest.isAfter(highest)) ? pageHighest : highest;
    }
}
