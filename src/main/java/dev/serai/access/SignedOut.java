package dev.serai.access;

/**
 * A user is gone, or has another password: whatever was signed in with the former one has to end.
 *
 * @param callerId the user's {@link Caller#id()}
 */
public record SignedOut(String callerId) {}
