package dev.serai.routing;

import dev.serai.routing.LiveRoutes.Step;
import dev.serai.routing.Unit.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route files and what runs from them. An edited file is tried first, then only the units that changed are replaced; whatever is
 * wrong with it, what ran before goes on, and the state, the log and JMX say file, line and reason.
 */
public final class RouteFiles {

    private static final Logger LOG = LoggerFactory.getLogger(RouteFiles.class);

    private final TrialContext trial;
    private final LiveRoutes live;
    private final Clock clock;
    private final Map<Path, RouteSource> sources = new TreeMap<>();
    private final Map<Path, Instant> loadedAt = new HashMap<>();
    private final Map<Path, Refused> refused = new HashMap<>();
    /** Grows with every change that took effect: a file that was refused is tried again then, for it may have waited for another. */
    private long generation;
    private volatile List<RouteFileState> states = List.of();
    private volatile LastReload last = new LastReload(null, null, null);

    /**
     * The newest attempt to load or reload a file.
     *
     * @param error null where it took effect
     */
    public record LastReload(Instant at, String file, String error) {
    }

    private record Refused(Map<Path, String> seen, long generation, String error) {
    }

    RouteFiles(TrialContext trial, LiveRoutes live, Clock clock) {
        this.trial = trial;
        this.live = live;
        this.clock = clock;
    }

    /** Every route file with its routes, the time it was loaded, and what is wrong with its newest text. */
    public List<RouteFileState> files() {
        return states;
    }

    public LastReload lastReload() {
        return last;
    }

    /**
     * Makes what runs equal to what lies on disk, as far as that is sound.
     *
     * @param seen the settled text of every route file and contract
     */
    synchronized void update(Map<Path, String> seen) {
        boolean changed;
        do {
            changed = false;
            for (Path file : inLoadingOrder(seen)) {
                changed |= isNew(file, seen) && attempt(file, seen);
            }
            for (Path file : List.copyOf(sources.keySet())) {
                changed |= !seen.containsKey(file) && isWorthTrying(file, seen) && attemptRemoval(file, seen);
            }
            refused.keySet().removeIf(file -> !seen.containsKey(file) && !sources.containsKey(file));
        } while (changed && !refused.isEmpty());
        states = describe(seen);
    }

    private List<Path> inLoadingOrder(Map<Path, String> seen) {
        // Configurations and templates are needed by the others; where this guess fails, the next round mends it.
        return seen.keySet().stream().filter(file -> file.toString().endsWith(".yaml"))
                .sorted(Comparator.<Path>comparingInt(file -> rank(seen.get(file))).thenComparing(Comparator.naturalOrder())).toList();
    }

    private static int rank(String text) {
        return text.contains("- routeConfiguration:") ? 0 : text.contains("- routeTemplate:") ? 1 : text.contains("- rest:") ? 3 : 2;
    }

    private boolean isNew(Path file, Map<Path, String> seen) {
        RouteSource source = sources.get(file);
        boolean same = source != null && source.texts().entrySet().stream().allMatch(e -> Objects.equals(seen.get(e.getKey()), e.getValue()));
        if (same) {
            refused.remove(file);
        }
        return !same && isWorthTrying(file, seen);
    }

    private boolean isWorthTrying(Path file, Map<Path, String> seen) {
        Refused before = refused.get(file);
        return before == null || before.generation() != generation || !before.seen().equals(nearby(file, seen));
    }

    /** The file and the contracts beside it: what its loading reads. */
    private static Map<Path, String> nearby(Path file, Map<Path, String> seen) {
        Map<Path, String> texts = new HashMap<>();
        seen.forEach((path, text) -> {
            if (path.equals(file) || path.toString().endsWith(".json") && Objects.equals(path.getParent(), file.getParent())) {
                texts.put(path, text);
            }
        });
        return texts;
    }

    private boolean attempt(Path file, Map<Path, String> seen) {
        try {
            FileChange change = FileChange.of(file, seen, sources);
            List<Unit> others = unitsOutside(change.files());
            change.requireSound(others);
            List<Step> steps = UnitChanges.between(change.wholeBefore(), change.wholeAfter(), others);
            tryOut(change.wholeAfter(), steps, others);
            live.apply(steps);
            sources.keySet().removeAll(change.before().keySet());
            sources.putAll(change.after());
            succeeded(change.files(), steps);
            return true;
        } catch (RouteFileProblem e) {
            refuse(file, seen, e);
            return false;
        }
    }

    private boolean attemptRemoval(Path file, Map<Path, String> seen) {
        RouteSource gone = sources.get(file);
        try {
            UnitChecks.requireUnneeded(gone, unitsOutside(Set.of(file)));
            List<Step> steps = UnitChanges.between(gone, null, List.of());
            live.apply(steps);
            sources.remove(file);
            succeeded(Set.of(file), steps);
            return true;
        } catch (RouteFileProblem e) {
            refuse(file, seen, e);
            return false;
        }
    }

    private void tryOut(RouteSource source, List<Step> steps, List<Unit> others) throws RouteFileProblem {
        Map<String, Unit> units = new LinkedHashMap<>();
        others.stream().filter(unit -> unit.kind() == Kind.CONFIGURATION || unit.kind() == Kind.TEMPLATE)
                .forEach(unit -> units.put(unit.key(), unit));
        source.units().forEach(unit -> units.put(unit.key(), unit));
        steps.stream().map(Step::after).filter(Objects::nonNull).forEach(unit -> units.put(unit.key(), unit));
        trial.check(units.values());
    }

    private void succeeded(Set<Path> files, List<Step> steps) {
        generation++;
        Instant now = clock.instant();
        files.forEach(file -> {
            refused.remove(file);
            loadedAt.put(file, now);
        });
        loadedAt.keySet().retainAll(sources.keySet());
        String names = files.stream().map(Path::toString).collect(Collectors.joining(", "));
        last = new LastReload(now, names, null);
        LOG.info("Routes of {}: {} changed", names, steps.size());
    }

    private void refuse(Path file, Map<Path, String> seen, RouteFileProblem problem) {
        String where = (problem.file() == null ? file.toString() : problem.file()) + ":" + problem.line();
        String error = where + ": " + problem.getMessage();
        Map<Path, String> texts = nearby(file, seen);
        Refused before = refused.put(file, new Refused(texts, generation, error));
        last = new LastReload(clock.instant(), file.toString(), error);
        if (before == null || !before.error().equals(error) || !before.seen().equals(texts)) {
            LOG.error("{} - {}", error, sources.containsKey(file) ? "what ran before goes on" : "its routes do not run");
            LOG.debug("The whole failure of {}", file, problem);
        }
    }

    private List<Unit> unitsOutside(Set<Path> files) {
        return sources.values().stream().filter(source -> !files.contains(source.file())).flatMap(source -> source.units().stream()).toList();
    }

    private List<RouteFileState> describe(Map<Path, String> seen) {
        Map<Path, RouteFileState> described = new TreeMap<>();
        List<Path> all = new ArrayList<>(seen.keySet());
        all.addAll(sources.keySet());
        for (Path file : all) {
            if (file.toString().endsWith(".yaml")) {
                RouteSource source = sources.get(file);
                List<String> ids = source == null ? List.of()
                        : source.units().stream().filter(unit -> unit.kind().isRoute()).map(Unit::id).toList();
                Refused why = refused.get(file);
                described.put(file, new RouteFileState(file.toString(), ids, loadedAt.get(file), why == null ? null : why.error()));
            }
        }
        return List.copyOf(described.values());
    }
}
