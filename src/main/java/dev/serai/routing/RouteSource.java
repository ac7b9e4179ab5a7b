package dev.serai.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.serai.contract.Contract;
import dev.serai.routing.Unit.Kind;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A route file's text, read: its units and the contracts that its REST units name.
 *
 * @param file      the path, as it is shown
 * @param units     in the file's order
 * @param contracts by face
 * @param texts     the text of the file and of its contracts, by which an edit is noticed
 */
record RouteSource(Path file, List<Unit> units, Map<String, Contract> contracts, Map<Path, String> texts) {

    /** Reads a file from the texts that were seen on disk; nothing else is read. */
    static RouteSource read(Path file, Map<Path, String> seen) throws RouteFileProblem {
        requireReadable(file, seen.get(file));
        List<Unit> units = UnitReader.read(file.toString(), seen.get(file));
        Map<String, Contract> contracts = new HashMap<>();
        Map<Path, String> texts = new LinkedHashMap<>();
        texts.put(file, seen.get(file));
        for (Unit unit : units) {
            if (unit.kind() == Kind.REST) {
                Path path = contractPath(file, unit);
                contracts.put(unit.id(), compile(unit, path, seen.get(path)));
                texts.put(path, seen.get(path));
            }
        }
        return new RouteSource(file, units, contracts, texts);
    }

    /** Several files as one. */
    static RouteSource merged(Collection<RouteSource> sources) {
        List<Unit> units = sources.stream().flatMap(source -> source.units().stream()).toList();
        Map<String, Contract> contracts = new HashMap<>();
        Map<Path, String> texts = new LinkedHashMap<>();
        Path first = null;
        for (RouteSource source : sources) {
            first = first == null ? source.file() : first;
            contracts.putAll(source.contracts());
            texts.putAll(source.texts());
        }
        return new RouteSource(first, units, contracts, texts);
    }

    boolean has(Unit unit) {
        return units.stream().anyMatch(own -> own.key().equals(unit.key()));
    }

    /** The units that are not in another's text. */
    RouteSource without(RouteSource other) {
        return new RouteSource(file, units.stream().filter(unit -> !other.has(unit)).toList(), contracts, texts);
    }

    /** A contract lies beside the file that names it. */
    static Path contractPath(Path file, Unit unit) {
        return file.resolveSibling(unit.id() + ".openapi.json");
    }

    Contract contract(Unit unit) {
        return contracts.get(unit.id());
    }

    /** The unit is the same, and so is the contract it serves. */
    boolean sameUnit(Unit unit, RouteSource other, Unit before) {
        return unit.isSameAs(before) && (unit.kind() != Kind.REST || contract(unit).document().equals(other.contract(before).document()));
    }

    private static void requireReadable(Path path, String text) throws RouteFileProblem {
        String why = SettledFiles.whyUnreadable(text);
        if (why != null) {
            throw new RouteFileProblem(path.toString(), 1, why, null);
        }
        int at = text.indexOf('\uFFFD');
        if (at >= 0) {
            int line = 1 + (int) text.substring(0, at).chars().filter(c -> c == '\n').count();
            throw new RouteFileProblem(path.toString(), line, "Not valid UTF-8: save the file in this encoding", null);
        }
    }

    private static Contract compile(Unit unit, Path path, String text) throws RouteFileProblem {
        if (text == null) {
            throw new RouteFileProblem(unit.file(), unit.line(), "There is no contract " + path, null);
        }
        requireReadable(path, text);
        try {
            return Contract.compile(unit.id(), text);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new RouteFileProblem(path.toString(), line, "Not valid JSON: " + e.getOriginalMessage(), e);
        } catch (RuntimeException e) {
            throw new RouteFileProblem(path.toString(), 1, "The contract " + e.getMessage(), e);
        }
    }
}
