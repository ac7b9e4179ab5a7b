package dev.serai.console;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.web.servlet.DelegatingFilterProxyRegistrationBean;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.core.serializer.DefaultDeserializer;
import org.springframework.core.serializer.Deserializer;
import org.springframework.core.serializer.support.DeserializingConverter;
import org.springframework.core.serializer.support.SerializingConverter;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.session.web.http.SessionRepositoryFilter;

/** Sessions are in the database: who is signed in at one hub is so at every other, and after a restart. Only the console has any. */
@Configuration(proxyBeanMethods = false)
class ConsoleSessions {

    private static final Logger log = LoggerFactory.getLogger(ConsoleSessions.class);

    /** Two parts of a page may be asked for at once, and both write to the session. */
    @Bean
    PostgreSqlJdbcIndexedSessionRepositoryCustomizer twoRequestsAtOnce() {
        return new PostgreSqlJdbcIndexedSessionRepositoryCustomizer();
    }

    /** What another version of the hub has written and this one cannot read is as if it were not there: the person signs in again. */
    @Bean
    GenericConversionService springSessionConversionService() {
        Deserializer<Object> java = new DefaultDeserializer();
        GenericConversionService conversion = new GenericConversionService();
        conversion.addConverter(Object.class, byte[].class, new SerializingConverter());
        conversion.addConverter(byte[].class, Object.class, new DeserializingConverter(bytes -> {
            try {
                return java.deserialize(bytes);
            } catch (IOException | RuntimeException | LinkageError e) {
                log.info("Part of a console session cannot be read ({}); its user signs in again", e.getMessage());
                return null;
            }
        }));
        return conversion;
    }

    @Bean
    FilterRegistrationBean<DatabaseAwayFilter> databaseAway() {
        FilterRegistrationBean<DatabaseAwayFilter> registration = new FilterRegistrationBean<>(new DatabaseAwayFilter());
        registration.addUrlPatterns("/console/*");
        registration.setOrder(SessionRepositoryFilter.DEFAULT_ORDER - 1);
        return registration;
    }

    /** The APIs' requests have no session, and are not wrapped to look for one. */
    @Bean
    static BeanPostProcessor onlyForTheConsole() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessBeforeInitialization(Object bean, String name) {
                if (bean instanceof DelegatingFilterProxyRegistrationBean filter && name.equals("sessionRepositoryFilterRegistration")) {
                    filter.addUrlPatterns("/console/*");
                }
                return bean;
            }
        };
    }
}
