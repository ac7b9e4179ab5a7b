package dev.serai.access;

import dev.serai.web.FaceErrors;
import dev.serai.web.FilterOrder;
import jakarta.servlet.DispatcherType;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.core.task.TaskDecorator;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.concurrent.DelegatingSecurityContextRunnable;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.config.web.PathPatternRequestMatcherBuilderFactoryBean;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;

/** The one security configuration. A console with a login form gets a chain of its own, with a lower order and a matcher. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AccessSettings.class)
class AccessConfiguration {

    private static final Set<DispatcherType> CONTINUED = EnumSet.complementOf(EnumSet.of(DispatcherType.REQUEST));

    @Bean
    @Order(100)
    SecurityFilterChain faces(HttpSecurity http, PathRules rules, Credentials credentials, AccessDecider decider, AccessRefuser refuser)
            throws Exception {
        return http
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterAt(new CredentialsFilter(rules, credentials, refuser), BasicAuthenticationFilter.class)
                .addFilterAfter(new CrossSiteFilter(refuser), CredentialsFilter.class)
                .exceptionHandling(errors -> errors.authenticationEntryPoint(refuser).accessDeniedHandler(refuser))
                .authorizeHttpRequests(requests -> requests.anyRequest().access((caller, context) -> {
                    // The first dispatch was decided; what continues it (asynchronous results, error pages) is the same request.
                    boolean granted = CONTINUED.contains(context.getRequest().getDispatcherType())
                            || decider.refusal(context.getRequest())
                                    .map(refusal -> refuser.remember(context.getRequest(), refusal))
                                    .isEmpty();
                    return new AuthorizationDecision(granted);
                }))
                .build();
    }

    /** Each filter and decision would be measured by itself, which costs every request more than the filters do; the request as a whole is. */
    @Bean
    SecurityObservationSettings noObservationOfEveryFilter() {
        return SecurityObservationSettings.noObservations();
    }

    /**
     * Spring Security asks all handler mappings about each request, before its filters, for matchers that look like Spring MVC's. No rule has
     * one: they match by path patterns.
     */
    @Bean
    static BeanDefinitionRegistryPostProcessor noSearchForHandlersBeforeAccess() {
        return registry -> registry.removeBeanDefinition("mvcHandlerMappingIntrospector");
    }

    @Bean
    static PathPatternRequestMatcherBuilderFactoryBean pathPatterns() {
        return new PathPatternRequestMatcherBuilderFactoryBean();
    }

    /** What a request has done on Spring's executor is done in its caller's name. */
    @Bean
    TaskDecorator callerOnOtherThreads() {
        return DelegatingSecurityContextRunnable::new;
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    AccessMode accessMode(AccessSettings settings, ServerProperties server) {
        return AccessMode.of(server.getAddress(), settings.db().isEmbedded(), settings.demo(), settings.access().open());
    }

    @Bean
    DemoCredentials demoCredentials(AccessMode mode) {
        return new DemoCredentials(mode);
    }

    @Bean
    FilterRegistrationBean<RateLimitFilter> rateLimit(RateLimits limits, FaceErrors errors) {
        FilterRegistrationBean<RateLimitFilter> registration = new FilterRegistrationBean<>(new RateLimitFilter(limits, errors));
        registration.setOrder(FilterOrder.RATE_LIMIT);
        return registration;
    }

    /** @param declared by the faces, besides the standard ones */
    @Bean
    PathRules pathRules(ObjectProvider<PathRule> declared) {
        return new PathRules(Stream.concat(StandardRules.all().stream(), declared.stream()).toList());
    }
}
