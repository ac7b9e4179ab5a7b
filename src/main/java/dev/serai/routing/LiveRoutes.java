package dev.serai.routing;

import dev.serai.contract.Contract;
import dev.serai.contract.Contracts;
import dev.serai.routing.Unit.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The units that run in the real context. A change is a list of steps; where one fails, those before it are taken back. */
final class LiveRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);
    /** A request that found the old consumer just before the paths moved on has this long to become an exchange, which is then waited for. */
    private static final long HAND_OVER_MILLIS = 200;

    private final UnitInstaller installer;
    private final FaceDispatch faces;
    private final FaceMappings mappings;
    private final StoppedPaths stoppedPaths;
    private final Contracts contracts;
    private final Map<String, String> keyOfFace = new HashMap<>();

    /** One unit's change: {@code before} is null for a new unit, {@code after} for one that goes. */
    record Step(Unit before, Contract contractBefore, Unit after, Contract contractAfter) {
    }

    LiveRoutes(UnitInstaller installer, FaceDispatch faces, FaceMappings mappings, StoppedPaths stoppedPaths, Contracts contracts) {
        this.installer = installer;
        this.faces = faces;
        this.mappings = mappings;
        this.stoppedPaths = stoppedPaths;
        this.contracts = contracts;
    }

    void apply(List<Step> steps) throws RouteFileProblem {
        Deque<Step> done = new ArrayDeque<>();
        for (Step step : steps) {
            done.push(new Step(step.after(), step.contractAfter(), step.before(), step.contractBefore()));
            try {
                run(step);
            } catch (Exception | LinkageError e) {
                done.forEach(this::takeBack);
                throw Culprit.find(step.after() == null ? step.before() : step.after(), e);
            }
        }
    }

    private void takeBack(Step inverse) {
        try {
            run(inverse);
        } catch (Exception e) {
            Unit unit = inverse.after() == null ? inverse.before() : inverse.after();
            LOG.error("{} {} of {} could not be put back as it was: {}", unit.kind().word, unit.id(), unit.file(), e.getMessage(), e);
        }
    }

    private void run(Step step) throws Exception {
        Unit unit = step.after() == null ? step.before() : step.after();
        if (unit.kind() == Kind.REST) {
            runRest(step);
            return;
        }
        if (step.before() != null) {
            installer.remove(step.before());
        }
        if (step.after() != null) {
            installer.add(step.after());
        } else {
            stoppedPaths.drop();
        }
    }

    /** The new consumer serves before the old one goes: a face never stops answering. */
    private void runRest(Step step) throws Exception {
        String face = step.after() == null ? step.before().id() : step.after().id();
        String old = keyOfFace.get(face);
        if (step.after() != null) {
            String key = faces.stage(step.contractAfter());
            try {
                installer.addRest(step.after(), FaceDispatch.specification(key), routeId(key));
            } catch (Exception e) {
                installer.removeRoute(routeId(key));
                faces.unstage(key);
                throw e;
            }
            mappings.replace(old == null ? List.of() : faces.endpoints(old), faces.endpoints(key));
            keyOfFace.put(face, key);
            contracts.publish(step.contractAfter());
        } else {
            mappings.replace(old == null ? List.of() : faces.endpoints(old), List.of());
            keyOfFace.remove(face);
            contracts.withdraw(face);
        }
        if (old != null) {
            Thread.sleep(HAND_OVER_MILLIS);
            installer.removeRoute(routeId(old));
            faces.unstage(old);
        }
    }

    private static String routeId(String key) {
        return "rest-" + key;
    }
}
