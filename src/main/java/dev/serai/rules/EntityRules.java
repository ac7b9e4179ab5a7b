package dev.serai.rules;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.rules.Decision.AskPerson;
import dev.serai.rules.Decision.KeepCurrent;
import dev.serai.rules.Decision.NoEdit;
import dev.serai.rules.Decision.TakeIncoming;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How one store syncs one entity: which fields, and what becomes of each when the store changes it. */
public final class EntityRules {

    public static final String STORE_PRIORITY = "store_priority";
    public static final String PLATFORM_PRIORITY = "platform_priority";
    public static final String MANUAL = "manual_resolution";
    public static final List<String> STRATEGIES = List.of(LastWriteWins.NAME, STORE_PRIORITY, PLATFORM_PRIORITY, MANUAL);

    /** Only the store has changed the field. */
    public static final String MERGED = "merge";
    /** The difference was added. */
    public static final String COUNTED = "counter";
    public static final String CLOCK_CHECK = "clock_check";

    private final Settings settings;
    private final Set<String> synced;
    private final Set<String> kept;
    private final boolean anyImmediately;
    private final Map<String, List<SyncRule>> byField = new ConcurrentHashMap<>();

    /**
     * What was configured.
     *
     * @param takesFromStore whether the store's changes are taken at all
     * @param strategy       one of {@link #STRATEGIES}
     * @param fields         what is synced; empty for all
     * @param keyFields      which make the record's key: they come with a new record and never change
     * @param modifiedField  goes with the newest change, and is nobody's edit
     * @param markerField    says whether the record is deleted; never part of its content; null where a field of the content says so
     * @param counters       fields whose changes add up
     * @param tolerance      how far ahead a store's clock may be
     */
    public record Settings(
            String entityType,
            boolean takesFromStore,
            String strategy,
            List<String> fields,
            List<String> keyFields,
            String modifiedField,
            String markerField,
            List<FieldFilter> filters,
            Set<String> excluded,
            Set<String> counters,
            Duration tolerance,
            List<SyncRule> rules) {}

    public EntityRules(Settings settings) {
        this.settings = settings;
        this.synced = Set.copyOf(settings.fields());
        Set<String> all = new HashSet<>(synced);
        all.addAll(settings.keyFields());
        all.add(settings.modifiedField());
        if (settings.markerField() != null) {
            all.add(settings.markerField());
        }
        settings.filters().forEach(filter -> all.add(filter.field()));
        this.kept = Set.copyOf(all);
        this.anyImmediately = settings.rules().stream().anyMatch(
                rule -> rule.isImmediate() && (rule.entityType() == null || rule.entityType().equals(settings.entityType())));
    }

    public boolean takesFromStore() {
        return settings.takesFromStore();
    }

    public String modifiedField() {
        return settings.modifiedField();
    }

    public boolean isKey(String field) {
        return settings.keyFields().contains(field);
    }

    /** Whether the field's values are kept in step with the store. */
    public boolean syncs(String field) {
        return !settings.excluded().contains(field)
                && (synced.isEmpty() || synced.contains(field))
                && !isKey(field)
                && !field.equals(settings.modifiedField())
                && !field.equals(settings.markerField());
    }

    /** Takes away the fields that are never stored: the excluded ones, and those that nobody asked for. */
    public ObjectNode cut(ObjectNode record) {
        if (!synced.isEmpty()) {
            record.retain(kept);
        }
        return record.remove(settings.excluded());
    }

    /** What of a record goes out to the store: its synced fields, its key and its time. */
    public ObjectNode outgoing(ObjectNode record) {
        ObjectNode sent = record.objectNode();
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            String name = field.getKey();
            if (syncs(name) || !settings.excluded().contains(name) && (isKey(name) || name.equals(settings.modifiedField()))) {
                sent.set(name, field.getValue());
            }
        }
        return sent;
    }

    /** Whether something may have to go to the store when the field changes: it is synced, or a filter looks at it. */
    public boolean concerns(String field) {
        return syncs(field) || settings.filters().stream().anyMatch(filter -> filter.field().equals(field));
    }

    /** Whether the record, as the change would leave it, meets all filters. What only filters look at counts as the change has it. */
    public boolean passesFilters(ObjectNode after, ObjectNode change) {
        if (settings.filters().isEmpty()) {
            return true;
        }
        ObjectNode seen = after.deepCopy();
        for (FieldFilter filter : settings.filters()) {
            if (!syncs(filter.field()) && change.has(filter.field())) {
                seen.set(filter.field(), change.get(filter.field()));
            }
        }
        return settings.filters().stream().allMatch(filter -> filter.passes(seen));
    }

    /** Whether any of these fields is to be sent at once, whatever the store's frequency. */
    public boolean syncsImmediately(Collection<String> fields) {
        return anyImmediately && fields.stream().anyMatch(field -> syncs(field) && rules(field).stream().anyMatch(SyncRule::isImmediate));
    }

    /**
     * The same for a record that is new, or is gone.
     *
     * @param record as JSON; only its fields with a value count; may be null
     */
    public boolean syncsImmediately(String record) {
        // Records are only read where a rule may ask for it.
        return anyImmediately && syncsImmediately(Values.object(record).properties().stream()
                .filter(field -> !Values.isNothing(field.getValue())).map(Map.Entry::getKey).toList());
    }

    /** The rules of a field, the most specific first; those of the whole record for null. */
    private List<SyncRule> rules(String field) {
        return byField.computeIfAbsent(field == null ? "" : field, f -> settings.rules().stream()
                .filter(rule -> rule.covers(settings.entityType(), field))
                .sorted(Comparator.comparingInt(SyncRule::specificity).reversed())
                .toList());
    }

    /**
     * Whether what the store tells shows that what is on its way to it has arrived, or never will matter. A count that was made before
     * says nothing about that: the sent one comes after it.
     */
    public boolean showsArrival(FieldCase field) {
        if (field.sent() == null || Values.same(field.incoming(), field.sent())) {
            return true;
        }
        return isCounter(field) ? field.countsFromSent() : !Values.same(field.incoming(), field.base());
    }

    private boolean isCounter(FieldCase field) {
        return isCounter(field.field(), field.incoming());
    }

    /** Whether changes of the field add up. */
    public boolean isCounter(String field, JsonNode value) {
        return Values.isCountable(value) && settings.counters().contains(field);
    }

    /** Decides one field that the store told. */
    public Decision decide(FieldCase field) {
        boolean counter = isCounter(field);
        if (field.older()) {
            return NoEdit.OLDER;
        }
        if (!counter && Values.same(field.incoming(), field.current())) {
            return NoEdit.AGREES;
        }
        if (field.isRestated()) {
            return NoEdit.RESTATED;
        }
        if (!counter && isAhead(field)) {
            return new AskPerson(CLOCK_CHECK, Reason.FUTURE_CLOCK);
        }
        boolean conflict = !counter && field.platformChanged();
        for (SyncRule rule : rules(field.field())) {
            Decision decision = rule.condition().equals(SyncRule.ALWAYS) || conflict ? byRule(rule, field, conflict) : null;
            if (decision != null) {
                return decision;
            }
        }
        return counter ? counted(field) : byStrategy(field, conflict);
    }

    /** Whether the change's time is further ahead than clocks may differ. */
    public boolean isAhead(FieldCase field) {
        return field.stamp().at().isAfter(field.acceptedAt().plus(settings.tolerance()));
    }

    private static Decision byRule(SyncRule rule, FieldCase field, boolean conflict) {
        return switch (rule.action()) {
            case SyncRule.USE_STORE -> new TakeIncoming(rule.name(), field.incoming());
            case SyncRule.USE_PLATFORM -> new KeepCurrent(rule.name());
            case SyncRule.NEWEST_WINS -> newest(rule.name(), field);
            case SyncRule.MANUAL -> new AskPerson(rule.name(), conflict ? Reason.BOTH_CHANGED : Reason.RULE);
            case SyncRule.USE_HIGHEST -> byOrder(rule, field, 1);
            case SyncRule.USE_LOWEST -> byOrder(rule, field, -1);
            default -> null;
        };
    }

    /** Null where the values have no order: then the next rule decides. */
    private static Decision byOrder(SyncRule rule, FieldCase field, int wanted) {
        OptionalInt order = Values.compare(field.incoming(), field.current());
        if (order.isEmpty()) {
            return null;
        }
        return Integer.signum(order.getAsInt()) == wanted
                ? new TakeIncoming(rule.name(), field.incoming())
                : new KeepCurrent(rule.name());
    }

    private static Decision newest(String rule, FieldCase field) {
        return field.isNewer() ? new TakeIncoming(rule, field.incoming()) : new KeepCurrent(rule);
    }

    /** A first contact has no difference to add: then the platform's count stands. */
    private static Decision counted(FieldCase field) {
        if (!Values.isCountable(field.current())) {
            return new TakeIncoming(COUNTED, field.incoming());
        }
        JsonNode from = field.countsFromSent() ? field.sent() : field.base();
        return Values.isCountable(from)
                ? new TakeIncoming(COUNTED, Values.moved(field.current(), from, field.incoming()))
                : new KeepCurrent(COUNTED);
    }

    private Decision byStrategy(FieldCase field, boolean conflict) {
        String strategy = settings.strategy();
        if (!conflict && !strategy.equals(LastWriteWins.NAME)) {
            // What is older than the platform's own edit was made before the store had that: a late message, not a wish to go back.
            boolean late = field.currentStamp() != null && field.stamp().at().isBefore(field.currentStamp().at());
            return late ? new KeepCurrent(MERGED) : new TakeIncoming(MERGED, field.incoming());
        }
        return switch (strategy) {
            case STORE_PRIORITY -> new TakeIncoming(strategy, field.incoming());
            case PLATFORM_PRIORITY -> new KeepCurrent(strategy);
            case MANUAL -> new AskPerson(strategy, Reason.BOTH_CHANGED);
            default -> newest(conflict ? strategy : MERGED, field);
        };
    }

    /**
     * Decides whether a record is there: one side deleted it, the other wants it.
     *
     * @param record as a field: the store's and the platform's wish, with their times
     */
    public Decision decideExistence(FieldCase record, boolean conflict) {
        if (isAhead(record)) {
            return new AskPerson(CLOCK_CHECK, Reason.FUTURE_CLOCK);
        }
        for (SyncRule rule : rules(null)) {
            Decision decision = rule.condition().equals(SyncRule.ALWAYS) || conflict ? byRule(rule, record, conflict) : null;
            if (decision instanceof AskPerson ask) {
                return new AskPerson(ask.rule(), Reason.DELETED);
            } else if (decision != null) {
                return decision;
            }
        }
        Decision decision = byStrategy(record, conflict);
        return decision instanceof AskPerson ask ? new AskPerson(ask.rule(), Reason.DELETED) : decision;
    }
}
