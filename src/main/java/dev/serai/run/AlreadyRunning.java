package dev.serai.run;

/** The entity is being synced by another run. */
public class AlreadyRunning extends RuntimeException {

    private final String entityType;

    public AlreadyRunning(String entityType) {
        super(entityType + " is being synced already. Wait for that run, or stop it.");
        this.entityType = entityType;
    }

    /** Which entity. */
    public String entityType() {
        return entityType;
    }
}
