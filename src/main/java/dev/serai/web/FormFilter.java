package dev.serai.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;

/**
 * No face takes forms. Camel reads a form's body before a contract can refuse its media type, and answers a malformed one with a stack
 * trace: so forms are refused here.
 */
class FormFilter extends RequestFilter {

    private final FaceErrors errors;

    FormFilter(FaceErrors errors) {
        this.errors = errors;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String type = request.getContentType() == null ? "" : request.getContentType().toLowerCase(Locale.ROOT);
        boolean form = type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/");
        // The console's sign-in is one.
        if (form && !RequestPath.decoded(RequestPath.of(request)).startsWith("/console")) {
            errors.write(request, response, ApiException.of(415, "The request body must be application/json"));
        } else {
            chain.doFilter(request, response);
        }
    }
}
