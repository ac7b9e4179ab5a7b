package dev.serai.routing;

import dev.serai.contract.Contract;
import dev.serai.contract.Contracts;
import dev.serai.routing.Unit.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The units that run in the real context. A change is a list of steps; where one fails, those before it are taken back. */
final class LiveRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(LiveRoutes.class);

    private final UnitInstaller installer;
    private final FaceMappings mappings;
    private final StoppedPaths stoppedPaths;
    private final Contracts contracts;

    /** One unit's change: {@code before} is null for a new unit, {@code after} for one that goes. */
    record Step(Unit before, Contract contractBefore, Unit after, Contract contractAfter) {
    }

    LiveRoutes(UnitInstaller installer, FaceMappings mappings, StoppedPaths stoppedPaths, Contracts contracts) {
        this.installer = installer;
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

    /** A request in flight goes on with the contract by which it was read. */
    private void runRest(Step step) {
        mappings.replace(step.contractBefore(), step.contractAfter());
        if (step.after() != null) {
            contracts.publish(step.contractAfter());
        } else {
            contracts.withdraw(step.before().id());
        }
    }
}
