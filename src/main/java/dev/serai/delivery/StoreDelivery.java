package dev.serai.delivery;

import dev.serai.change.RecordKey;
import java.time.Instant;

/**
 * A record's state on its way to a store.
 *
 * @param webhookId   the same for every attempt
 * @param attempts    made so far
 * @param leasedUntil until when it is the claiming hub's own
 * @param inDoubt     whether an attempt before may have reached the store
 * @param content     null until the first attempt
 */
record StoreDelivery(
        long id, String storeId, RecordKey key, String webhookId, int attempts, Instant leasedUntil, boolean inDoubt, Content content) {

    /**
     * What is sent.
     *
     * @param data          the record as the store gets it, as JSON
     * @param changedFields those in which it differs from what the store is known to have, as a JSON array
     * @param madeOf        the change that made the record so, or {@link #PART}
     */
    record Content(boolean deleted, String data, String changedFields, Instant modifiedAt, long madeOf) {

        /** No record's change: where the store has taken this, there is more to tell of the record as it was. */
        static final long PART = 0;
    }

    StoreDelivery with(Content made) {
        return new StoreDelivery(id, storeId, key, webhookId, attempts, leasedUntil, inDoubt, made);
    }
}
