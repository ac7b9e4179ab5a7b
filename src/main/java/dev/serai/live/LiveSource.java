package dev.serai.live;

import java.util.List;

/**
 * Events in the database that the clients of every hub get. {@link LiveFeeds} makes a bean of it, which reads
 * whenever the channel is notified, and once in a while besides; what it has read goes through the route {@code live-feed}.
 */
public interface LiveSource {

    /** PostgreSQL's channel, in lower case, on which a commit tells that there are events. */
    String channel();

    /** Where a hub that starts now begins: everything up to here is history. */
    long newest();

    /**
     * The next events behind a position, in order; fewer than the limit only where there are no more.
     *
     * <p>Whatever is committed later must have a larger position, so that nothing is passed over.
     */
    List<News> after(long position, int limit);

    /** An event, with its position, and where it goes. */
    record News(String topic, LiveMessage message) {}
}
