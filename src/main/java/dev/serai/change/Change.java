package dev.serai.change;

import java.time.Instant;
import java.util.UUID;

/**
 * One mutation of one record, as it came in.
 *
 * @param source     who sent it: a connector's slug, a store's or device's id, {@code platform}
 * @param storeId    the store it belongs to, or null
 * @param runId      the run that brought it, or null
 * @param entityType the kind of record
 * @param key        the record's business key; null only for a change that is refused for having none that can be read
 * @param operation  upsert or delete
 * @param modifiedAt when it was modified at its source
 * @param parent     the record that must be there before this one, or null
 * @param eventId    by which its source recognises a repetition, or null
 * @param hash       of the content: equal content has equal hashes, whatever the order of its fields
 * @param payload    the record as JSON, to the letter; null for a delete that carried nothing
 * @param fromPull   whether it is the source's current content, read in order, rather than an event that may arrive late
 * @param partial    whether a field that the payload leaves out stays as it is, instead of going; the value of a field may then be
 *                   <code>{"$add": n}</code>, which adds n to the number that is there
 */
public record Change(
        String source,
        String storeId,
        UUID runId,
        String entityType,
        String key,
        Operation operation,
        Instant modifiedAt,
        RecordKey parent,
        String eventId,
        long hash,
        String payload,
        boolean fromPull,
        boolean partial) {

    /** The source of what a person decided: it stands, whatever the times say. */
    public static final String DECISION = "decision";

    /** A change of the whole record. */
    public Change(
            String source,
            String storeId,
            UUID runId,
            String entityType,
            String key,
            Operation operation,
            Instant modifiedAt,
            RecordKey parent,
            String eventId,
            long hash,
            String payload,
            boolean fromPull) {
        this(source, storeId, runId, entityType, key, operation, modifiedAt, parent, eventId, hash, payload, fromPull, false);
    }

    /** The same as a part of a run. */
    public Change inRun(UUID run) {
        return new Change(
                source, storeId, run, entityType, key, operation, modifiedAt, parent, eventId, hash, payload, fromPull, partial);
    }

    public boolean isDecision() {
        return source.equals(DECISION);
    }

    public RecordKey recordKey() {
        return new RecordKey(entityType, key);
    }

    /** Who wrote it, for ties: the store where there is one, else the source. */
    public String writer() {
        return storeId != null ? storeId : source;
    }
}
