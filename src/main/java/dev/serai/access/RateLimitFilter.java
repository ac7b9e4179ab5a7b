package dev.serai.access;

import dev.serai.web.ApiException;
import dev.serai.web.FaceErrors;
import dev.serai.web.RequestCaller;
import dev.serai.web.RequestFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** Holds API keys to the limit they were made with. Every answer says how much is left, and when all of it is back. */
final class RateLimitFilter extends RequestFilter {

    private final RateLimits limits;
    private final FaceErrors errors;

    RateLimitFilter(RateLimits limits, FaceErrors errors) {
        this.limits = limits;
        this.errors = errors;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Caller caller = (Caller) RequestCaller.get(request);
        if (caller == null || caller.rateLimitPerMinute() == null) {
            chain.doFilter(request, response);
            return;
        }
        RateLimits.Verdict verdict = limits.take(caller.id(), caller.rateLimitPerMinute());
        response.setHeader("X-RateLimit-Limit", Integer.toString(verdict.limit()));
        response.setHeader("X-RateLimit-Remaining", Long.toString(verdict.remaining()));
        response.setHeader("X-RateLimit-Reset", Long.toString(verdict.resetSeconds()));
        if (verdict.allowed()) {
            chain.doFilter(request, response);
        } else {
            errors.write(request, response, ApiException.tooManyRequests(verdict.resetSeconds()));
        }
    }
}
