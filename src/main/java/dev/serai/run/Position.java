package dev.serai.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;

/**
 * Where a run stands, as of its last committed page; kept with the run as JSON, and with the sync's cursor where a run ends early.
 *
 * @param pages   how many pages are done
 * @param records how many records they had
 * @param next    the source's own cursor or link to the next page; null for page numbers, offsets and the first page
 * @param since   an incremental run reads what was modified since then; null for all
 * @param begun   when the first of the runs that led here began: what changed later may be missing from pages read before
 * @param highest the latest modified time seen
 * @param ended   whether the source has no more pages
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Position(long pages, long records, String next, Instant since, Instant begun, Instant highest, boolean ended) {

    public static Position start(Instant since, Instant now) {
        return new Position(0, 0, null, since, now, null, false);
    }

    /** The position after one page more; {@code ended} where it was the last. */
    public Position after(int pageRecords, String next, Instant pageHighest, boolean ended) {
        Instant latest = highest == null || (pageHighest != null && pageHighest.isAfter(highest)) ? pageHighest : highest;
        return new Position(pages + 1, records + pageRecords, next, since, begun, latest, ended);
    }
}
