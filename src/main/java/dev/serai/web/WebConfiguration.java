package dev.serai.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.time.Clock;
import java.util.Arrays;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.boot.autoconfigure.jackson.Jackson2ObjectMapperBuilderCustomizer;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Puts the bounds and the kept answers around every face. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(HttpSettings.class)
class WebConfiguration {

    private static final int MOST_CONNECTING = 1_024;
    /** Of a number in PostgreSQL's jsonb: before its point and behind it, with both and its sign. */
    private static final int MOST_DIGITS_KEPT = 131_072 + 16_383 + 2;

    /** It reads records, too, in which PostgreSQL has written 1e2000 out. */
    @Bean
    Jackson2ObjectMapperBuilderCustomizer longNumbers() {
        return mapper -> mapper.postConfigurer(made -> made.getFactory().setStreamReadConstraints(
                made.getFactory().streamReadConstraints().rebuild().maxNumberLength(MOST_DIGITS_KEPT).build()));
    }

    @Bean
    FilterRegistrationBean<StartingFilter> startingFilter(FaceErrors errors) {
        return registration(new StartingFilter(errors), FilterOrder.STARTING);
    }

    @Bean
    FilterRegistrationBean<FailureFilter> failureFilter(FaceErrors errors) {
        return registration(new FailureFilter(errors), FilterOrder.FAILURE);
    }

    @Bean
    ApplicationListener<ApplicationStartedEvent> startingIsOver(FilterRegistrationBean<StartingFilter> filter) {
        return started -> filter.getFilter().started();
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimit(FaceErrors errors, HttpSettings settings) {
        return registration(new BodyLimitFilter(errors, settings.maxBodySize()), FilterOrder.BODY_LIMIT);
    }

    @Bean
    FilterRegistrationBean<FormFilter> formFilter(FaceErrors errors) {
        return registration(new FormFilter(errors), FilterOrder.BODY_LIMIT - 1);
    }

    @Bean
    KeptAnswers keptAnswers(JdbcClient database, Clock clock, HttpSettings settings) {
        return new KeptAnswers(database, clock, settings.idempotency());
    }

    @Bean
    FilterRegistrationBean<IdempotencyFilter> idempotency(KeptAnswers answers, FaceErrors errors) {
        return registration(new IdempotencyFilter(answers, errors), FilterOrder.IDEMPOTENCY);
    }

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> errorsBeforeAnyServlet(FaceErrors errors) {
        return factory -> factory.addServerCustomizers(server -> {
            server.setErrorHandler(new ContainerErrors(errors));
            for (var connector : server.getConnectors()) {
                HttpConnectionFactory plain = connector.getConnectionFactory(HttpConnectionFactory.class);
                if (connector instanceof ServerConnector own && plain != null) {
                    own.addConnectionFactory(new RequestLines(plain.getHttpConfiguration()));
                }
            }
        });
    }

    /** Java's own default is 50: of a thousand callers who connect at once, the others would be dropped without a word. */
    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> roomForManyConnections() {
        return factory -> factory.addServerCustomizers(server -> Arrays.stream(server.getConnectors())
                .filter(ServerConnector.class::isInstance)
                .forEach(connector -> ((ServerConnector) connector).setAcceptQueueSize(MOST_CONNECTING)));
    }

    private static <F extends Filter> FilterRegistrationBean<F> registration(F filter, int order) {
        FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(order);
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        return registration;
    }
}
