package dev.serai.device;

/**
 * How many events were pushed.
 *
 * @param acknowledged of which so many were acknowledged by another device
 */
public record PushCounts(long total, long acknowledged) {}
