package dev.serai.console;

import dev.serai.database.DatabaseFaults;
import dev.serai.database.Seldom;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Sessions are in the database: while that is away no page can tell who asks, and this one is shown, which tries again by itself. */
final class DatabaseAwayFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(DatabaseAwayFilter.class);

    private static final byte[] PAGE = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="refresh" content="5"><title>The database does not answer · Serai</title>
            <link rel="stylesheet" href="/console/assets/pico.min.css"><link rel="stylesheet" href="/console/assets/console.css"></head>
            <body><main class="container-fluid"><article class="narrow" role="alert"><h1>The database does not answer</h1>
            <p>Nothing that was accepted is lost. This page tries again every five seconds.</p></article></main></body></html>
            """.getBytes(StandardCharsets.UTF_8);

    private final Seldom away = new Seldom(Duration.ofSeconds(10));

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (DataAccessException | TransactionException e) {
            if (response.isCommitted() || !DatabaseFaults.isAway(e)) {
                throw e;
            }
            away.say(times -> LOG.warn("The database is away: {} pages of the console could not be shown. {}", times, DatabaseFaults.reason(e)));
            response.reset();
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            response.setHeader(HttpHeaders.RETRY_AFTER, "5");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
            response.setContentType("text/html;charset=utf-8");
            response.getOutputStream().write(PAGE);
        }
    }
}
