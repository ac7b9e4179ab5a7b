package dev.serai.routing;

import dev.serai.routing.LiveRoutes.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What of a file has to be replaced: its units that changed, and all that are built on them. */
final class UnitChanges {

    private UnitChanges() {
    }

    /**
     * The changes from one text of a file to another, in the order in which they can be made.
     *
     * @param before null for a new file
     * @param after  null for a file that goes
     * @param others the units of all other files; those that are built on what changes are built again
     */
    static List<Step> between(RouteSource before, RouteSource after, List<Unit> others) {
        Map<String, Unit> old = byKey(before);
        List<Step> steps = new ArrayList<>();
        List<Unit> changedNeeds = new ArrayList<>();
        byKey(after).forEach((key, unit) -> {
            Unit was = old.remove(key);
            if (was == null || !after.sameUnit(unit, before, was)) {
                steps.add(new Step(was, was == null ? null : before.contract(was), unit, after.contract(unit)));
                changedNeeds.add(unit);
            }
        });
        old.values().forEach(unit -> steps.add(new Step(unit, before.contract(unit), null, null)));
        List<Unit> standing = new ArrayList<>(others);
        standing.addAll(after == null ? List.of() : after.units());
        for (Unit unit : standing) {
            boolean stale = changedNeeds.stream().anyMatch(unit::dependsOn);
            if (stale && steps.stream().noneMatch(step -> unit.equals(step.after()))) {
                steps.add(new Step(unit, null, unit, null));
            }
        }
        // A configuration is there before the routes that name it, a template before its routes; what goes, goes last.
        steps.sort(Comparator.comparing((Step step) -> step.after() == null).thenComparing(
                step -> step.after() == null ? step.before().kind() : step.after().kind()));
        return steps;
    }

    private static Map<String, Unit> byKey(RouteSource source) {
        Map<String, Unit> units = new LinkedHashMap<>();
        if (source != null) {
            source.units().forEach(unit -> units.put(unit.key(), unit));
        }
        return units;
    }
}
