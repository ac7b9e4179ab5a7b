package dev.serai.preview;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.conflict.ConflictKey;
import dev.serai.record.Trace.Line;
import dev.serai.rules.Decision;
import dev.serai.rules.Decision.AskPerson;
import dev.serai.rules.Decision.KeepCurrent;
import dev.serai.rules.Decision.TakeIncoming;
import dev.serai.rules.EntityRules;
import dev.serai.rules.FieldCase;
import dev.serai.rules.Stamp;
import dev.serai.rules.Values;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One record, twice: as it became, and as it would have become. A field begins with the value that its first change in the time looked at
 * met, and every edit of the store with the base that it had; so nothing before that time has to be known.
 */
final class ReplayedRecord {

    private final EntityRules rules;
    private final Map<String, Field> fields = new LinkedHashMap<>();

    ReplayedRecord(EntityRules rules) {
        this.rules = rules;
    }

    /** One field in both worlds. */
    static final class Field {

        private JsonNode actual;
        private JsonNode would;
        private Stamp wouldStamp;
        private JsonNode baseSeen;
        private JsonNode wouldBase;
        private JsonNode contested;
        private boolean decided;
        private String rule;

        private void take(JsonNode value, Stamp stamp) {
            would = value;
            wouldStamp = stamp;
        }

        private void settle(JsonNode told) {
            contested = null;
            decided = true;
            wouldBase = Values.orNull(told);
        }

        JsonNode actual() {
            return actual;
        }

        JsonNode would() {
            return would;
        }

        /** Which rule made the difference; null where none did. */
        String rule() {
            return rule;
        }

        boolean differs() {
            return !Values.same(actual, would);
        }

        boolean isContested() {
            return contested != null;
        }
    }

    Map<String, Field> fields() {
        return fields;
    }

    /** A change of the store whose rules are tried: decided again. */
    void storeTold(JsonNode trace, ObjectNode payload, Stamp stamp, Instant acceptedAt) {
        trace.properties().forEach(entry -> {
            if (entry.getKey().equals(ConflictKey.EXISTENCE) || !rules.syncs(entry.getKey())) {
                return;
            }
            Line line = Line.of(entry.getValue());
            Field field = field(entry.getKey(), line);
            JsonNode incoming = payload.get(entry.getKey());
            decide(entry.getKey(), field, line, incoming, stamp, acceptedAt);
            field.actual = line.after();
        });
    }

    /** A new record has nothing to compete with, whatever the rules. */
    void storeCreated(JsonNode trace, ObjectNode payload, Stamp stamp) {
        trace.properties().forEach(entry -> {
            Line line = Line.of(entry.getValue());
            Field field = field(entry.getKey(), line);
            field.actual = line.after();
            field.take(payload.get(entry.getKey()), stamp);
            field.settle(payload.get(entry.getKey()));
        });
        fields.remove(ConflictKey.EXISTENCE);
    }

    private void decide(String name, Field field, Line line, JsonNode incoming, Stamp stamp, Instant acceptedAt) {
        boolean agreedSince = !Values.same(line.base(), field.baseSeen);
        JsonNode base = field.wouldBase == null || agreedSince ? line.base() : field.wouldBase;
        field.baseSeen = line.base();
        Decision decision = rules.decide(new FieldCase(
                name, incoming, stamp, acceptedAt, field.would, field.wouldStamp, base, null, field.contested, false));
        if (decision instanceof AskPerson) {
            field.contested = Values.orNull(incoming);
            field.decided = false;
            return;
        }
        if (decision instanceof TakeIncoming take) {
            field.take(take.value(), stamp);
            field.rule = take.rule();
        } else if (decision instanceof KeepCurrent keep) {
            field.rule = keep.rule();
        }
        field.settle(incoming);
    }

    /** What others changed happens in both worlds. */
    void othersWrote(JsonNode trace, Stamp stamp) {
        trace.properties().forEach(entry -> {
            Line line = Line.of(entry.getValue());
            Field field = field(entry.getKey(), line);
            if (!Values.same(line.before(), line.after())) {
                boolean diverged = field.differs();
                field.would = diverged && rules.isCounter(entry.getKey(), line.after())
                        ? Values.movedBy(field.would, line.before(), line.after())
                        : line.after();
                field.wouldStamp = stamp;
            }
            field.actual = line.after();
        });
        fields.remove(ConflictKey.EXISTENCE);
    }

    /** A person's decision is needed only where the rules tried would have asked as well. */
    void personDecided(JsonNode trace, Stamp stamp) {
        trace.properties().forEach(entry -> {
            Line line = Line.of(entry.getValue());
            Field field = field(entry.getKey(), line);
            if (!field.decided) {
                field.would = line.after();
                field.wouldStamp = stamp;
                field.contested = null;
            }
            field.actual = line.after();
        });
        fields.remove(ConflictKey.EXISTENCE);
    }

    private Field field(String name, Line first) {
        return fields.computeIfAbsent(name, n -> {
            Field field = new Field();
            field.actual = first.before();
            field.would = first.before();
            field.wouldStamp = first.beforeStamp();
            return field;
        });
    }
}
