package dev.serai.web;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;

/** Says why JSON could not be read: it is none, or more of it than is read. */
public final class UnreadableJson {

    /** Objects and arrays inside one another, in what callers send to a face. */
    public static final int DEEPEST = 100;

    private UnreadableJson() {}

    /**
     * What is wrong, to follow "The body": {@code is not valid JSON (line 1, column 9)}. Nothing of the JSON is quoted.
     *
     * @param deepest how deep the reader goes
     */
    public static String reason(JacksonException e, int deepest) {
        // Jackson tells its bounds apart by their texts only.
        if (e instanceof StreamConstraintsException && e.getOriginalMessage().contains("nesting depth")) {
            return "is nested too deeply: more than " + deepest + " objects and arrays inside one another";
        }
        if (e instanceof StreamConstraintsException) {
            return "has a number, a text or a name that is too long to be read";
        }
        return "is not valid JSON" + (e.getLocation() == null
                ? "" : " (line " + e.getLocation().getLineNr() + ", column " + e.getLocation().getColumnNr() + ")");
    }
}
