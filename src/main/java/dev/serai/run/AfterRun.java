package dev.serai.run;

/** Is told when a run of this hub has ended, on the run's own thread. Every bean of this type is told. */
public interface AfterRun {

    /** @param run as it was when it was taken up */
    void ended(Run run);
}
