package dev.serai.routing;

import dev.serai.contract.Contract;
import dev.serai.contract.Operation;
import dev.serai.routing.Unit.Kind;
import java.util.ArrayList;
import java.util.List;

/** What makes a file unfit before any of it is tried: ids that others have, needs that nothing fills, operations without a route. */
final class UnitChecks {

    private UnitChecks() {
    }

    /** @param others the units of all other files */
    static void requireSound(RouteSource source, List<Unit> others) throws RouteFileProblem {
        List<Unit> known = new ArrayList<>(others);
        known.addAll(source.units());
        for (Unit unit : source.units()) {
            refuseDuplicate(unit, others);
        }
        for (Unit unit : source.units()) {
            refuseUnknownNeeds(unit, known);
            if (unit.kind() == Kind.REST) {
                refuseUnservedOperations(unit, source.contract(unit), known);
            }
        }
    }

    /** A file that is gone may take with it only what nothing else needs. */
    static void requireUnneeded(RouteSource gone, List<Unit> others) throws RouteFileProblem {
        for (Unit unit : gone.units()) {
            for (Unit other : others) {
                if (other.dependsOn(unit)) {
                    throw new RouteFileProblem(null, unit.line(), "The file is gone, but " + other.kind().word + " " + other.id() + " of "
                            + other.file() + " still needs " + unit.key() + ", which therefore stays", null);
                }
            }
        }
    }

    private static void refuseDuplicate(Unit unit, List<Unit> others) throws RouteFileProblem {
        for (Unit other : others) {
            if (other.key().equals(unit.key())) {
                throw new RouteFileProblem(unit.file(), unit.line(), "The " + unit.key() + " is already in " + other.file() + ", line "
                        + other.line(), null);
            }
        }
    }

    private static void refuseUnknownNeeds(Unit unit, List<Unit> known) throws RouteFileProblem {
        for (String need : unit.needs()) {
            if (known.stream().noneMatch(other -> other.key().equals(need))) {
                throw new RouteFileProblem(unit.file(), unit.line(), unit.kind().word + " " + unit.id() + " needs the " + need
                        + ", which no route file has", null);
            }
        }
    }

    /** Callers of an operation that leads nowhere would wait for a route until they give up. */
    private static void refuseUnservedOperations(Unit rest, Contract contract, List<Unit> known) throws RouteFileProblem {
        for (Operation operation : contract.operations()) {
            String start = "direct:" + operation.id();
            if (known.stream().noneMatch(unit -> start.equals(unit.from()) || operation.id().equals(unit.id()))) {
                throw new RouteFileProblem(rest.file(), rest.line(), "The contract's operation " + operation.id() + " has no route that starts from "
                        + start, null);
            }
        }
    }
}
