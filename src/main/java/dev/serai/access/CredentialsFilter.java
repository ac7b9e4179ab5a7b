package dev.serai.access;

import dev.serai.web.ApiException;
import dev.serai.web.RequestCaller;
import dev.serai.web.RequestFilter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/**
 * Recognises the caller by the kind of credentials that the path takes; the other kind is not looked at. Paths that are
 * always open cost no look-up, so that health answers while the database is away.
 */
final class CredentialsFilter extends RequestFilter {

    private static final String REFUSED = CredentialsFilter.class.getName() + ".refused";

    private final PathRules rules;
    private final Credentials credentials;
    private final AccessRefuser refuser;

    CredentialsFilter(PathRules rules, Credentials credentials, AccessRefuser refuser) {
        this.rules = rules;
        this.credentials = credentials;
        this.refuser = refuser;
    }

    /** Whether credentials were presented and not recognised. */
    static boolean wereRefused(HttpServletRequest request) {
        return request.getAttribute(REFUSED) != null;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            rules.of(request).filter(rule -> !rule.isOpen()).ifPresent(rule -> recognise(request, rule.credentials()));
        } catch (ApiException e) {
            refuser.refuse(request, response, e);
            return;
        }
        chain.doFilter(request, response);
    }

    private void recognise(HttpServletRequest request, PathRule.Credentials kind) {
        String presented = request.getHeader(kind == PathRule.Credentials.API_KEY ? "X-API-Key" : HttpHeaders.AUTHORIZATION);
        if (presented == null) {
            return;
        }
        Optional<Caller> caller = kind == PathRule.Credentials.API_KEY
                ? credentials.byApiKey(presented)
                : credentials.byAuthorization(presented, request.getRemoteAddr());
        caller.ifPresentOrElse(known -> remember(request, known), () -> request.setAttribute(REFUSED, true));
    }

    private static void remember(HttpServletRequest request, Caller caller) {
        RequestCaller.set(request, caller);
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        List<SimpleGrantedAuthority> authorities = List.of(new SimpleGrantedAuthority("ROLE_" + caller.role().name()));
        context.setAuthentication(new PreAuthenticatedAuthenticationToken(caller, null, authorities));
        SecurityContextHolder.setContext(context);
    }
}
