package dev.serai.catalog;

import dev.serai.change.RecordKey;
import dev.serai.record.EditedRecords;
import dev.serai.record.Edits;
import dev.serai.web.ApiException;
import dev.serai.web.KeyedCall;
import dev.serai.web.Problem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Component;

/** Where the face's edits are handed in; says in the face's words why one could not be made. */
@Component
class Desk {

    private final Edits edits;

    Desk(Edits edits) {
        this.edits = edits;
    }

    /**
     * Makes the one edit of a call. Where the call was made before, and its hub died after the edit, the edit is not made again.
     *
     * @param edit answers what the call's answer is made of: a record's key, or the answer itself
     * @return what the edit answered, now or then
     */
    String make(Collection<RecordKey> keys, Function<EditedRecords, String> edit) {
        KeyedCall call = KeyedCall.current().orElse(null);
        if (call == null) {
            return attempt(keys, edit);
        }
        return call.effect().orElseGet(() -> attempt(keys, records -> {
            String result = edit.apply(records);
            call.remember(result);
            return result;
        }));
    }

    private String attempt(Collection<RecordKey> keys, Function<EditedRecords, String> edit) {
        try {
            return edits.make(keys, edit);
        } catch (Edits.StillWaiting | RejectedExecutionException e) {
            throw later(e.getMessage());
        } catch (ConcurrencyFailureException e) {
            throw later("Others are changing the same records. Nothing was changed; try again in a moment.");
        } catch (DataIntegrityViolationException e) {
            throw ApiException.invalid(List.of(new Problem(
                    List.of("body"), "a text or number in it cannot be stored: a NUL character, or a number beyond all bounds", "value_error")));
        }
    }

    private static ApiException later(String message) {
        return new ApiException(503, "UNAVAILABLE", message, null, Map.of("Retry-After", "1"));
    }
}
