package dev.serai.web;

/** The error code of a status, with the store document's own codes where they fit. */
final class ErrorCodes {

    private ErrorCodes() {}

    static String of(int status) {
        return switch (status) {
            case 400, 422 -> "INVALID_DATA_FORMAT";
            case 401 -> "UNAUTHORIZED";
            case 403 -> "FORBIDDEN";
            case 404 -> "NOT_FOUND";
            case 405 -> "METHOD_NOT_ALLOWED";
            case 406 -> "NOT_ACCEPTABLE";
            case 409 -> "CONFLICT";
            case 413 -> "PAYLOAD_TOO_LARGE";
            case 415 -> "UNSUPPORTED_MEDIA_TYPE";
            case 429 -> "RATE_LIMIT_EXCEEDED";
            case 503 -> "UNAVAILABLE";
            default -> status >= 500 ? "INTERNAL_ERROR" : "REQUEST_FAILED";
        };
    }

    /** What is said where nothing better is known. */
    static String messageOf(int status) {
        return switch (status) {
            case 400 -> "The request is not well-formed.";
            case 401 -> "Credentials are missing, unknown or expired.";
            case 403 -> "These credentials may not do this.";
            case 404 -> "There is nothing at this path.";
            case 405 -> "This path does not take this method.";
            case 406 -> "No representation fits the Accept header.";
            case 413 -> "The body is larger than this hub accepts.";
            case 415 -> "This path does not take this content type. Send application/json.";
            case 429 -> "Too many requests.";
            case 503 -> "The hub cannot do this now. Try again in a moment.";
            default -> status >= 500 ? "The hub failed to answer this request." : "The request failed.";
        };
    }
}
