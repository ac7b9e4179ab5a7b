package dev.serai.live;

import java.util.List;

/** Reads what a client has missed. */
@FunctionalInterface
public interface PageReader {

    /** The next messages behind a position, in their order, each with its position; fewer than the limit only where there are no more. */
    List<LiveMessage> after(long position, int limit);
}
