package dev.serai.device;

import java.util.List;

/**
 * Events in order.
 *
 * @param hasMore whether there are more behind the last one
 * @param next    what {@link FeedQuery#after()} is to be to go on
 */
public record FeedPage(List<DeviceEvent> events, boolean hasMore, long next) {}
