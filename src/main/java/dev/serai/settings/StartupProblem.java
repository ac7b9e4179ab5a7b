package dev.serai.settings;

/**
 * The hub cannot start as it is set up. Any package throws it while starting; it is shown to the operator as two
 * paragraphs without a stack trace, and the process ends with exit code 1.
 */
public class StartupProblem extends RuntimeException {

    private final String action;

    /**
     * @param description what is wrong, naming the key, path or address, never a secret
     * @param action what the operator does about it
     */
    public StartupProblem(String description, String action) {
        this(description, action, null);
    }

    /** As above, with the fault that led to it, which shows at log level DEBUG only. */
    public StartupProblem(String description, String action, Throwable cause) {
        super(description, cause);
        this.action = action;
    }

    /** What the operator does about it. */
    public String action() {
        return action;
    }
}
