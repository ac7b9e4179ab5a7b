package dev.serai.schedule;

/**
 * What a schedule starts.
 *
 * @param flow     the id of a {@code direct:} route
 * @param argument the body that it gets, for example a terminal's id
 */
public record Start(String flow, String argument) {}
