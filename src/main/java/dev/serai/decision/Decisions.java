package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.ConflictList;
import dev.serai.decision.DecisionTable.Made;
import dev.serai.rules.Values;
import dev.serai.store.StoreEvents;
import dev.serai.store.StoreEvents.StoreEvent;
import dev.serai.web.ApiException;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * Decides conflicts and takes decisions back. What becomes of the records is journalled and applied like any change; the change that
 * brought a conflict gets its outcome. One transaction a decision, one statement a table, however many conflicts are alike.
 */
@Component
public class Decisions {

    public static final String USE_STORE = "use_store_value";
    public static final String USE_PLATFORM = "use_platform_value";
    public static final String USE_CUSTOM = "use_custom_value";
    public static final String IGNORE = "ignore";

    private final DecisionTable table;
    private final Resolving resolving;
    private final Undoing undoing;
    private final StoreEvents events;

    Decisions(DecisionTable table, Resolving resolving, Undoing undoing, StoreEvents events) {
        this.table = table;
        this.resolving = resolving;
        this.undoing = undoing;
        this.events = events;
    }

    /**
     * What somebody decided.
     *
     * @param conflicts how many conflicts it ended, or brought back
     */
    public record Result(long decisionId, String storeId, String resolution, int conflicts) {}

    /**
     * Decides a pending conflict, or all that are pending about the same field of the same entity for the same store.
     *
     * @param value for {@link #USE_CUSTOM}
     * @throws ApiException 409 where it is not pending any more
     */
    @Transactional
    public Result resolve(long conflictId, String resolution, JsonNode value, boolean similar, String by) {
        ConflictKey example = table.pending(conflictId).orElseThrow(() -> Resolving.notPending(conflictId)).key();
        Result result = resolving.resolve(conflictId, resolution, value, similar, by);
        tell(result, example, false);
        return result;
    }

    /** The store for which a decision was made, to see whether the caller may know of it. */
    @Transactional(readOnly = true)
    public Optional<String> storeOf(long decisionId) {
        return table.find(decisionId).map(Made::storeId);
    }

    /**
     * Takes a decision back: the records have the values, and the conflicts are pending, as before.
     *
     * @throws ApiException 409 where it is undone already, or something has happened since that would be lost
     */
    @Transactional
    public Result undo(long decisionId, String by) {
        Undoing.Undone undone = undoing.undo(decisionId, by);
        Result result = new Result(decisionId, undone.made().storeId(), undone.made().resolution(), undone.conflicts());
        tell(result, undone.example(), true);
        return result;
    }

    private void tell(Result result, ConflictKey example, boolean undone) {
        ObjectNode data = Values.object()
                .put("decision_id", ConflictList.decisionId(result.decisionId()))
                .put("resolution", result.resolution())
                .put("entity_type", example.record().entityType())
                .put("field", example.field())
                .put("conflicts", result.conflicts());
        if (result.conflicts() == 1) {
            data.put("entity_id", example.record().key());
        }
        events.tell(List.of(new StoreEvent(result.storeId(), undone ? "conflict_detected" : "conflict_resolved", data)));
    }
}
