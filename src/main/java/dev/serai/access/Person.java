package dev.serai.access;

import java.io.Serializable;
import java.util.UUID;

/**
 * Somebody who has shown a password.
 *
 * @param passwordId which password that was: whatever it has opened ends when it is no longer the user's
 */
public record Person(Caller caller, UUID passwordId) implements Serializable {}
