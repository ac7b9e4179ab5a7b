package dev.serai.deadletter;

import dev.serai.change.Failure;
import dev.serai.journal.Entry;

/** A journal entry that could not be applied, and why. */
public record FailedEntry(Entry entry, Failure failure) {}
