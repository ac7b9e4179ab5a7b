package dev.serai.device;

import java.time.Instant;

/**
 * Which events a device asks for.
 *
 * @param after    only events with larger numbers; 0 for all
 * @param since    only events accepted at this time or later; null for all
 * @param liveOnly only those that connected clients get at once
 * @param limit    the most events of a page
 */
public record FeedQuery(String deviceId, long after, Instant since, boolean liveOnly, int limit) {}
