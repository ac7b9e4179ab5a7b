package dev.serai.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;

/**
 * The port is open a little before the routes are loaded. Until then callers are told to come again: without routes they would be told that
 * there is nothing at their path, which a device takes for good.
 */
final class StartingFilter extends RequestFilter {

    private final FaceErrors errors;
    private volatile boolean started;

    StartingFilter(FaceErrors errors) {
        this.errors = errors;
    }

    void started() {
        started = true;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (started || request.getRequestURI().startsWith("/actuator/")) {
            chain.doFilter(request, response);
            return;
        }
        errors.write(request, response, new ApiException(503, ErrorCodes.of(503), "The hub is starting. Try again in a moment.", null,
                Map.of("Retry-After", "2")));
    }
}
