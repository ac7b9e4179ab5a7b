package dev.serai.run;

/** The run is left where it is, in order, and is to be taken up again from its position. */
public class RunLeft extends RuntimeException {

    /** {@code reason} is a sentence for the log. */
    public RunLeft(String reason) {
        super(reason);
    }
}
