package dev.serai.run;

/** Carries out runs of one kind from their position to their end, and ends them. */
public interface RunExecution {

    /** The kind of runs that it carries out: {@link Run#PULL}, {@link Run#RECONCILE} … */
    String kind();

    /** Returns when the run has ended, whatever its end. Throws where it could not even be ended: it will be taken over then. */
    void execute(Run run);
}
