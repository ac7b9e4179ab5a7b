package dev.serai.run;

/** Carries out a run from its position to its end, and ends it. */
public interface RunExecution {

    /** Returns when the run has ended, whatever its end. Throws where it could not even be ended: it will be taken over then. */
    void execute(Run run);
}
