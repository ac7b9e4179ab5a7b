package dev.serai.access;

import dev.serai.web.ApiException;
import dev.serai.web.Mutations;
import dev.serai.web.RequestFilter;
import dev.serai.web.RequestPath;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import org.springframework.http.HttpHeaders;

/**
 * Keeps other web sites' pages from acting through a browser that may do more than they: one that remembers a password, or that
 * merely runs on the machine of an open hub. Tokens and keys are sent by a page on purpose, so that they pass.
 */
final class CrossSiteFilter extends RequestFilter {

    private static final Set<String> FOREIGN = Set.of("cross-site", "same-site");

    private final AccessRefuser refuser;

    CrossSiteFilter(AccessRefuser refuser) {
        this.refuser = refuser;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && FOREIGN.contains(site) && acts(request) && !carriesOwnCredentials(request)) {
            refuser.refuse(request, response,
                    ApiException.of(403, "A page of another site may not do this without a token or an API key."));
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Jolokia runs operations by GET too. A socket's handshake has its own credentials. */
    private static boolean acts(HttpServletRequest request) {
        String path = RequestPath.decoded(RequestPath.of(request));
        return path.startsWith("/actuator/") || Mutations.isMutation(request) && !path.startsWith("/socket.io/");
    }

    private static boolean carriesOwnCredentials(HttpServletRequest request) {
        String authorization = request.getHeader(HttpHeaders.AUTHORIZATION);
        return request.getHeader("X-API-Key") != null
                || authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith("bearer ");
    }
}
