package dev.serai.change;

/**
 * Why a change could not be applied.
 *
 * @param stage     where on its path: {@code validate}, {@code apply}
 * @param errorType short and stable, to filter by: {@code MISSING_KEY}, {@code INVALID_DATA}
 * @param message   one sentence for a person
 * @param permanent whether trying again by itself is pointless
 */
public record Failure(String stage, String errorType, String message, boolean permanent) {

    public static final String VALIDATE = "validate";
    public static final String APPLY = "apply";

    /** A record that is wrong as it stands. */
    public static Failure invalid(String errorType, String message) {
        return new Failure(VALIDATE, errorType, message, true);
    }
}
