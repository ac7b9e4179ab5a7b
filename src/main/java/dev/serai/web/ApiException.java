package dev.serai.web;

import java.util.List;
import java.util.Map;

/**
 * A refusal that a caller is told about: thrown anywhere under a face, rendered by {@link FaceErrors} in that face's shape.
 * Its message goes out as it is, so it never holds a secret, nor the text of another exception.
 */
public class ApiException extends RuntimeException {

    private final int status;
    private final String code;
    private final transient Object details;
    private final Map<String, String> headers;

    /**
     * @param status the HTTP status, 400 to 599
     * @param code for programs, in capitals: {@code NOT_FOUND}; shown by the faces whose errors have a code
     * @param message what failed and what to do, for a person
     * @param details a list of {@link Problem} or a map, or null; the faces whose errors are {@code {"detail": …}} show a
     *     list in the message's place
     */
    public ApiException(int status, String code, String message, Object details) {
        this(status, code, message, details, Map.of());
    }

    public ApiException(int status, String code, String message, Object details, Map<String, String> headers) {
        super(message, null, false, status >= 500);
        this.status = status;
        this.code = code;
        this.details = details;
        this.headers = Map.copyOf(headers);
    }

    /** With the code that {@link ErrorCodes} gives to the status. */
    public static ApiException of(int status, String message) {
        return new ApiException(status, ErrorCodes.of(status), message, null);
    }

    public static ApiException badRequest(String message) {
        return of(400, message);
    }

    public static ApiException notFound(String message) {
        return of(404, message);
    }

    public static ApiException conflict(String message) {
        return of(409, message);
    }

    /** 422 with every problem found, not only the first. */
    public static ApiException invalid(List<Problem> problems) {
        String message = problems.size() == 1 ? problems.get(0).msg() : problems.size() + " fields are not valid";
        return new ApiException(422, ErrorCodes.of(422), message, List.copyOf(problems));
    }

    /** 429: the limit is used up for this many seconds. */
    public static ApiException tooManyRequests(long retryAfterSeconds) {
        String message = "Too many requests. Try again in " + retryAfterSeconds + " s.";
        return new ApiException(429, ErrorCodes.of(429), message, null, Map.of("Retry-After", Long.toString(retryAfterSeconds)));
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public Object details() {
        return details;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
