package dev.serai.decision;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.conflict.ConflictKey;
import dev.serai.conflict.ConflictList;
import dev.serai.decision.DecisionTable.Ended;
import dev.serai.decision.DecisionTable.Made;
import dev.serai.rules.Values;
import dev.serai.store.StoreEvents;
import dev.serai.store.StoreEvents.StoreEvent;
import dev.serai.web.ApiException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
        events.tell(List.of(event("conflict_resolved", result, result.storeId(), conflictId, example, result.conflicts())));
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
        Result result = new Result(decisionId, undone.made().storeId(), undone.made().resolution(), undone.pending().size());
        Map<String, List<Ended>> byStore = undone.pending().stream()
                .collect(Collectors.groupingBy(one -> one.key().storeId(), LinkedHashMap::new, Collectors.toList()));
        events.tell(byStore.entrySet().stream()
                .map(ofStore -> event("conflict_detected", result, ofStore.getKey(), ofStore.getValue().get(0).id(),
                        ofStore.getValue().get(0).key(), ofStore.getValue().size()))
                .toList());
        return result;
    }

    /** What a store's stream is told of a decision; which conflict it was, where it was one. */
    private static StoreEvent event(String name, Result result, String storeId, long conflictId, ConflictKey example, int conflicts) {
        ObjectNode data = Values.object()
                .put("decision_id", ConflictList.decisionId(result.decisionId()))
                .put("resolution", result.resolution())
                .put("entity_type", example.record().entityType())
                .put("field", example.field())
                .put("conflicts", conflicts);
        if (conflicts == 1) {
            data.put("conflict_id", ConflictList.conflictId(conflictId)).put("entity_id", example.record().key());
        }
        return new StoreEvent(storeId, name, data);
    }
}
