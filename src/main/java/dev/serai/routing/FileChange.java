package dev.serai.routing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is replaced at once when a file is loaded: the file, and those out of which its units have moved, as when a file was renamed or two
 * swapped their texts.
 *
 * @param before what runs from these files; a new file has nothing
 * @param after  what they have now; a file that is gone has nothing
 */
record FileChange(Map<Path, RouteSource> before, Map<Path, RouteSource> after) {

    /**
     * Reads a file and all that moves with it.
     *
     * @param running every file of which something runs
     * @throws RouteFileProblem where the file cannot be read
     */
    static FileChange of(Path file, Map<Path, String> seen, Map<Path, RouteSource> running) throws RouteFileProblem {
        FileChange change = new FileChange(new LinkedHashMap<>(), new LinkedHashMap<>());
        change.take(file, seen, running);
        return change;
    }

    private void take(Path file, Map<Path, String> seen, Map<Path, RouteSource> running) throws RouteFileProblem {
        if (running.containsKey(file)) {
            before.put(file, running.get(file));
        }
        if (!seen.containsKey(file)) {
            return;
        }
        RouteSource now = RouteSource.read(file, seen);
        after.put(file, now);
        for (RouteSource other : running.values()) {
            if (!before.containsKey(other.file()) && haveMoved(other, now, seen)) {
                take(other.file(), seen, running);
            }
        }
    }

    /** Whether units run from one file that are another's now, and the one's no more. */
    private static boolean haveMoved(RouteSource from, RouteSource to, Map<Path, String> seen) {
        List<Unit> shared = to.units().stream().filter(from::has).toList();
        if (shared.isEmpty() || !seen.containsKey(from.file())) {
            return !shared.isEmpty();
        }
        try {
            return shared.stream().noneMatch(RouteSource.read(from.file(), seen)::has);
        } catch (RouteFileProblem e) {
            // It is told of in its own turn; until it is mended its units are where they were.
            return false;
        }
    }

    Set<Path> files() {
        Set<Path> files = new LinkedHashSet<>(after.keySet());
        files.addAll(before.keySet());
        return files;
    }

    RouteSource wholeBefore() {
        return before.isEmpty() ? null : RouteSource.merged(before.values());
    }

    RouteSource wholeAfter() {
        return RouteSource.merged(after.values());
    }

    /** @param others the units of all other files */
    void requireSound(List<Unit> others) throws RouteFileProblem {
        List<Unit> all = new ArrayList<>(others);
        all.addAll(wholeAfter().units());
        for (RouteSource source : after.values()) {
            UnitChecks.requireSound(source, all.stream().filter(unit -> !source.units().contains(unit)).toList());
        }
        for (RouteSource source : before.values()) {
            if (!after.containsKey(source.file())) {
                UnitChecks.requireUnneeded(source.without(wholeAfter()), others);
            }
        }
    }
}
