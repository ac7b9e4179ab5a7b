package dev.serai.watch;

import dev.serai.database.DatabaseFaults;
import dev.serai.database.Seldom;
import dev.serai.web.Mutations;
import dev.serai.web.RequestCaller;
import dev.serai.web.RequestPath;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.dao.DataAccessException;
import org.springframework.http.server.PathContainer;
import org.springframework.transaction.TransactionException;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.pattern.PathPattern;

/**
 * Records every mutation that comes in by HTTP. Left out are paths whose faces record them better or in batches, and what
 * was refused for want of credentials: anybody could fill the trail with that.
 */
final class AuditFilter extends OncePerRequestFilter {

    private static final Logger LOG = LoggerFactory.getLogger(AuditFilter.class);

    private static final int TOO_MANY_REQUESTS = 429;

    private final Audit audit;
    private final ObjectProvider<RequestMappingHandlerMapping> mappings;
    private final Seldom away = new Seldom(Duration.ofSeconds(10));

    /** @param mappings know the patterns of what is refused before it comes to them */
    AuditFilter(Audit audit, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        this.audit = audit;
        this.mappings = mappings;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = RequestPath.decoded(RequestPath.of(request));
        return !Mutations.isMutation(request)
                || path.equals("/sync/push") || path.equals("/sync/ack") || path.equals("/api/login") || path.startsWith("/v1/webhooks/")
                || path.startsWith("/socket.io/") || path.startsWith("/actuator/jolokia");
    }

    /** Camel's answers are written in a later dispatch; only then is the status known. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            chain.doFilter(request, response);
        } catch (ServletException | IOException | RuntimeException e) {
            record(request, 500);
            throw e;
        }
        if (!isAsyncStarted(request) && !isForWantOfCredentials(request, response.getStatus())) {
            record(request, response.getStatus());
        }
    }

    private static boolean isForWantOfCredentials(HttpServletRequest request, int status) {
        return status == HttpServletResponse.SC_UNAUTHORIZED || status == TOO_MANY_REQUESTS && RequestCaller.get(request) == null;
    }

    /** The caller has its answer, or soon will: an entry that cannot be written must not change it. */
    private void record(HttpServletRequest request, int status) {
        String path = RequestPath.decoded(RequestPath.of(request));
        String action = request.getMethod() + " " + route(request, path);
        try {
            audit.record(RequestCaller.nameOf(request), action, path, Integer.toString(status), Map.of());
        } catch (DataAccessException | TransactionException e) {
            if (!DatabaseFaults.isAway(e)) {
                LOG.error("No audit entry could be written for {} {} by {}, which ended with {}",
                        request.getMethod(), path, RequestCaller.nameOf(request), status, e);
            } else if (status < 500) {
                // What failed did so for the same reason, which is in the log already.
                away.say(times -> LOG.warn("The database is away: {} audit entries could not be written, the last for {} {} by {}, which ended with {}",
                        times, request.getMethod(), path, RequestCaller.nameOf(request), status));
            }
        }
    }

    /** The pattern that matched, or would have; a face that takes all its paths by one wildcard is told by the path itself. */
    private String route(HttpServletRequest request, String path) {
        Object matched = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        String pattern = matched == null ? pattern(RequestPath.of(request)) : matched.toString();
        return pattern == null || pattern.contains("*") ? path : pattern;
    }

    private String pattern(PathContainer path) {
        return mappings.stream().flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
                .flatMap(info -> info.getPathPatternsCondition() == null ? Stream.empty() : info.getPathPatternsCondition().getPatterns().stream())
                .filter(pattern -> pattern.matches(path)).min(Comparator.naturalOrder()).map(PathPattern::getPatternString).orElse(null);
    }
}
