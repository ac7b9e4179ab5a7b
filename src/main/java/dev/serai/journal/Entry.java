package dev.serai.journal;

import dev.serai.change.Change;
import dev.serai.change.Outcome;
import dev.serai.rules.Stamp;
import java.time.Instant;

/** A line of the journal on its way through a batch: the change, and what is decided about it. */
public final class Entry {

    private final Change change;
    private final Instant acceptedAt;
    private final Outcome before;
    private final int attempts;
    private long seq;
    private Outcome outcome;
    private Effect effect;
    private String rule;
    private Integer version;
    private Long previous;
    private String trace;
    private Stamp stamp;

    private Entry(Change change, Instant acceptedAt, long seq, Outcome before, int attempts) {
        this.change = change;
        this.acceptedAt = acceptedAt;
        this.seq = seq;
        this.before = before;
        this.attempts = attempts;
    }

    /** A change that enters the journal in the transaction that decides about it. */
    public static Entry arriving(Change change, Instant acceptedAt) {
        return new Entry(change, acceptedAt, 0, null, 0);
    }

    /** A change that is in the journal already, with the outcome it has there and the number of times it was retried. */
    public static Entry journalled(Change change, Instant acceptedAt, long seq, Outcome before, int attempts) {
        return new Entry(change, acceptedAt, seq, before, attempts);
    }

    public void decide(Outcome outcome, Effect effect, String rule) {
        this.outcome = outcome;
        this.effect = effect;
        this.rule = rule;
        this.version = null;
        this.previous = null;
        this.trace = null;
    }

    /** The change is the record's version from now on; {@code previous} is the one that it replaces, or null. */
    public void apply(Effect effect, String rule, int version, Long previous) {
        decide(Outcome.APPLIED, effect, rule);
        this.version = version;
        this.previous = previous;
    }

    /** A person has to decide about some of its fields; it may be a version all the same. */
    public void contest() {
        outcome = Outcome.CONFLICT;
    }

    /** Nothing of it is to be decided any more. */
    public void settleContest() {
        outcome = version != null ? Outcome.APPLIED : Outcome.SUPERSEDED;
    }

    /** What a merge met and left, field by field. */
    public void trace(String trace) {
        this.trace = trace;
    }

    /** Its fields get this stamp instead of the change's own time and writer. */
    public Entry stampedAs(Stamp stamp) {
        this.stamp = stamp;
        return this;
    }

    public boolean isArriving() {
        return before == null;
    }

    public Change change() {
        return change;
    }

    public Instant acceptedAt() {
        return acceptedAt;
    }

    public Outcome before() {
        return before;
    }

    public int attempts() {
        return attempts;
    }

    public long seq() {
        return seq;
    }

    void number(long seq) {
        this.seq = seq;
    }

    /** The change waits to be decided. */
    void accept() {
        decide(Outcome.ACCEPTED, null, null);
    }

    public Outcome outcome() {
        return outcome;
    }

    public Effect effect() {
        return effect;
    }

    public String rule() {
        return rule;
    }

    public String trace() {
        return trace;
    }

    /** Null where the change's own time and writer are it. */
    public Stamp stamp() {
        return stamp;
    }

    public Integer version() {
        return version;
    }

    public Long previous() {
        return previous;
    }
}
