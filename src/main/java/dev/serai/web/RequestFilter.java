package dev.serai.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Filters requests as they come in, not what the container dispatches anew for one of them (an error, an asynchronous result). Spring's
 * {@code OncePerRequestFilter} marks each request for each filter, which costs a push more than the filters do.
 */
public abstract class RequestFilter extends HttpFilter {

    @Override
    protected final void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getDispatcherType() == DispatcherType.REQUEST) {
            filter(request, response, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    protected abstract void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException;
}
