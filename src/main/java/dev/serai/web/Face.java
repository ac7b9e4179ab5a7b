package dev.serai.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** The side from which a request comes in, told by its path. */
public enum Face {
    RETAIL(false, "/api/ping", "/api/login", "/sync", "/ws"),
    POS(false, "/api/pos"),
    PMS(true, "/api/pms", "/api/products", "/api/inventory", "/api/analytics", "/health", "/socket.io"),
    STORES(true, "/v1"),
    /** Also every path that belongs to no face. */
    SYNCFLOW(false);

    private final boolean coded;
    private final List<String> prefixes;

    Face(boolean coded, String... prefixes) {
        this.coded = coded;
        this.prefixes = List.of(prefixes);
    }

    /** Whether errors are {@code {"error": {"code", …}}}; otherwise they are {@code {"detail": …}}. */
    public boolean hasErrorCodes() {
        return coded;
    }

    public static Face of(HttpServletRequest request) {
        return of(RequestPath.decoded(RequestPath.of(request)));
    }

    /** @param path decoded, from its leading slash on, without a query */
    public static Face of(String path) {
        for (Face face : values()) {
            for (String prefix : face.prefixes) {
                if (path.startsWith(prefix) && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/')) {
                    return face;
                }
            }
        }
        return SYNCFLOW;
    }
}
