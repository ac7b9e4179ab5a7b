package dev.serai.record;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.change.RecordKey;
import dev.serai.rules.Values;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The records that an edit asked for, as they are now and as the edits before it left them. What it changes is applied when it returns. */
public final class EditedRecords {

    private final Instant now;
    private final Map<RecordKey, State> contents;
    private final Map<RecordKey, State> edited = new HashMap<>();
    private final List<Change> changes = new ArrayList<>();

    EditedRecords(Map<RecordKey, State> contents, Instant now) {
        this.contents = contents;
        this.now = now;
    }

    /**
     * A record's state.
     *
     * @param fields not to be changed; {@link #patch} does that
     * @param origin who created it
     */
    public record State(int version, Instant modifiedAt, String origin, boolean deleted, ObjectNode fields) {}

    /** Empty where there is no record, or it is deleted. */
    public Optional<State> find(RecordKey key) {
        return Optional.ofNullable(state(key)).filter(content -> !content.deleted());
    }

    /** Makes a record; one that was deleted comes back with this content alone. */
    public State create(RecordKey key, ObjectNode fields) {
        if (find(key).isPresent()) {
            throw new IllegalStateException("There is a record " + key);
        }
        return write(key, state(key), fields, fields, false);
    }

    /** Sets fields of a record that is there; the others stay. Fields that are so already make no new version. */
    public State patch(RecordKey key, ObjectNode fields) {
        State before = find(key).orElseThrow(() -> new IllegalStateException("There is no record " + key));
        if (fields.properties().stream().allMatch(field -> Values.same(field.getValue(), before.fields().get(field.getKey())))) {
            return before;
        }
        ObjectNode merged = before.fields().deepCopy();
        merged.setAll(fields);
        return write(key, before, merged, fields, true);
    }

    private State write(RecordKey key, State before, ObjectNode content, ObjectNode said, boolean partial) {
        Instant at = now.truncatedTo(ChronoUnit.MICROS);
        if (before != null && !at.isAfter(before.modifiedAt())) {
            // Whoever edits has seen what is there: a clock that was ahead does not make the edit the older one.
            at = before.modifiedAt().plus(1, ChronoUnit.MICROS);
        }
        State after = new State(before == null ? 1 : before.version() + 1, at, before == null ? Edits.PLATFORM : before.origin(), false, content);
        changes.add(new Change(Edits.PLATFORM, null, null, key.entityType(), key.key(), Operation.UPSERT, at, null, null,
                Values.contentHash(said), Values.write(said), false, partial));
        edited.put(key, after);
        return after;
    }

    private State state(RecordKey key) {
        return edited.getOrDefault(key, contents.get(key));
    }

    /** What the edit changed; the edits after it see this. */
    List<Change> changes() {
        contents.putAll(edited);
        return changes;
    }
}
