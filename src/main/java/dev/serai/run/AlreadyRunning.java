package dev.serai.run;

/** The entity is being synced by another run. */
public class AlreadyRunning extends RuntimeException {

    public AlreadyRunning(String entityType) {
        super(entityType + " is being synced already. Wait for that run, or stop it.");
    }
}
