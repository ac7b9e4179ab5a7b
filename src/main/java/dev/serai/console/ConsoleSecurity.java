package dev.serai.console;

import dev.serai.access.Caller;
import dev.serai.access.Logins;
import dev.serai.access.Person;
import dev.serai.access.Role;
import dev.serai.web.ApiException;
import dev.serai.web.RequestCaller;
import dev.serai.web.RequestFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.boot.autoconfigure.security.SecurityProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.WebAuthenticationDetails;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.util.matcher.NegatedRequestMatcher;
import org.springframework.security.web.util.matcher.RequestHeaderRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;

/** Who may open the console: the hub's users, by a form and a session. Super admins act, viewers look; whoever is confined to a store sees none of it. */
@Configuration(proxyBeanMethods = false)
class ConsoleSecurity {

    private static final String LOGIN = "/console/login";
    private static final RequestMatcher PART = new RequestHeaderRequestMatcher("HX-Request");
    private static final String POLICY = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
            + "frame-ancestors 'none'";

    @Bean
    @Order(50)
    SecurityFilterChain console(HttpSecurity http, Logins logins) throws Exception {
        return http
                .securityMatcher("/console", "/console/**")
                .authenticationProvider(new People(logins))
                .authorizeHttpRequests(requests -> requests
                        // To the page that says what was refused: it goes on as the POST that it was.
                        .dispatcherTypeMatchers(DispatcherType.FORWARD).authenticated()
                        .requestMatchers("/console/assets/**", LOGIN).permitAll()
                        .requestMatchers(HttpMethod.GET).hasAnyRole(Role.SUPER_ADMIN.name(), Role.VIEWER.name())
                        .anyRequest().hasRole(Role.SUPER_ADMIN.name()))
                .requestCache(cache -> cache.requestCache(askedBefore()))
                .formLogin(form -> form.loginPage(LOGIN).defaultSuccessUrl("/console")
                        .failureHandler((request, response, failure) ->
                                response.sendRedirect(LOGIN + (failure instanceof LockedException ? "?wait" : "?failed"))))
                .logout(logout -> logout.logoutUrl("/console/logout").logoutSuccessUrl(LOGIN + "?out"))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(POLICY)))
                .exceptionHandling(errors -> errors
                        .defaultAuthenticationEntryPointFor((request, response, failure) -> signInAgain(response), PART)
                        .defaultAuthenticationEntryPointFor(new LoginUrlAuthenticationEntryPoint(LOGIN), new NegatedRequestMatcher(PART))
                        .accessDeniedHandler((request, response, failure) ->
                                request.getRequestDispatcher("/console/denied").forward(request, response)))
                .addFilterBefore(new StillKnown(logins), AuthorizationFilter.class)
                .build();
    }

    /** The page that was asked for before the sign-in, without a mark in its address. */
    private static HttpSessionRequestCache askedBefore() {
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setMatchingRequestParameterName(null);
        return cache;
    }

    /** A part of a page whose session has ended would show the sign-in form in its place: the whole page goes there instead. */
    private static void signInAgain(HttpServletResponse response) {
        response.setHeader("HX-Redirect", LOGIN);
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
    }

    /** {@code /} tells programs which service answers; a browser is led to the console. */
    @Bean
    FilterRegistrationBean<BrowserHome> browserHome() {
        FilterRegistrationBean<BrowserHome> home = new FilterRegistrationBean<>(new BrowserHome());
        home.setOrder(SecurityProperties.DEFAULT_FILTER_ORDER - 20);
        return home;
    }

    private static final class BrowserHome extends RequestFilter {

        @Override
        protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            String accept = request.getHeader(HttpHeaders.ACCEPT);
            boolean browser = accept != null && accept.contains(MediaType.TEXT_HTML_VALUE);
            if (browser && "GET".equals(request.getMethod()) && "/".equals(request.getRequestURI())) {
                response.sendRedirect("/console");
            } else {
                chain.doFilter(request, response);
            }
        }
    }

    /** Checks name and password as every face does; those who guess wait here too. */
    private record People(Logins logins) implements AuthenticationProvider {

        @Override
        public Authentication authenticate(Authentication presented) {
            Person person = signedIn(presented);
            Caller caller = person.caller();
            if (!caller.scope().isAll()) {
                throw new BadCredentialsException("The console shows all stores, and this user may see one");
            }
            List<SimpleGrantedAuthority> roles = List.of(new SimpleGrantedAuthority("ROLE_" + caller.role().name()));
            UsernamePasswordAuthenticationToken known = new UsernamePasswordAuthenticationToken(caller, null, roles);
            known.setDetails(person);
            return known;
        }

        private Person signedIn(Authentication presented) {
            String address = presented.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
            try {
                return logins.signIn(presented.getName(), String.valueOf(presented.getCredentials()), address);
            } catch (ApiException e) {
                throw e.status() == 429 ? new LockedException(e.getMessage()) : new BadCredentialsException(e.getMessage());
            }
        }

        @Override
        public boolean supports(Class<?> authentication) {
            return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
        }
    }

    /** Tells the audit trail who asks. Whoever has another password by now, or is gone, is signed in no longer. */
    private static final class StillKnown extends RequestFilter {

        private final Logins logins;

        StillKnown(Logins logins) {
            this.logins = logins;
        }

        @Override
        protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
                throws ServletException, IOException {
            Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
            if (authentication instanceof UsernamePasswordAuthenticationToken) {
                if (authentication.getDetails() instanceof Person person && logins.isStill(person)) {
                    RequestCaller.set(request, person.caller());
                } else {
                    SecurityContextHolder.clearContext();
                    request.getSession().invalidate();
                }
            }
            chain.doFilter(request, response);
        }
    }
}
