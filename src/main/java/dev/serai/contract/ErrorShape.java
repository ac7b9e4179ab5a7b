package dev.serai.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two shapes in which faces answer errors; a contract names its own with {@code x-serai-errors}. */
public enum ErrorShape {
    /** {@code {"detail": "..."}}, or a list of {@code {loc, msg, type}} where a request breaks its contract. */
    DETAIL,
    /** {@code {"error": {"code", "message", "details"}}}. */
    ERROR;

    static ErrorShape named(String name) {
        return "error".equals(name) ? ERROR : DETAIL;
    }

    /** The body of an error answer. */
    public Map<String, Object> body(String code, String message, List<?> details) {
        if (this == DETAIL) {
            return Map.of("detail", message);
        }
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        error.put("details", details == null ? List.of() : details);
        return Map.of("error", error);
    }

    /** The body that tells a caller where its request breaks the contract. */
    public Map<String, Object> body(Refusal refusal) {
        if (this == DETAIL && !refusal.violations().isEmpty()) {
            return Map.of("detail", refusal.violations());
        }
        return body(code(refusal.status()), refusal.getMessage(), refusal.violations());
    }

    private static String code(int status) {
        return switch (status) {
            case 413 -> "PAYLOAD_TOO_LARGE";
            case 415 -> "UNSUPPORTED_MEDIA_TYPE";
            default -> "INVALID_DATA_FORMAT";
        };
    }
}
