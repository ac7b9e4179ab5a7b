package dev.serai.access;

import java.util.Set;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Hawtio stands behind the hub's own rules. Its own login would ask JAAS, which knows nobody here, and log a failure for credentials that
 * are good: it is not served.
 */
@Configuration(proxyBeanMethods = false)
class HawtioAccess {

    private static final Set<String> OWN_LOGIN = Set.of("loginServlet", "logoutServlet");

    @Bean
    static BeanPostProcessor withoutHawtiosOwnLogin() {
        return new BeanPostProcessor() {
            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                if (OWN_LOGIN.contains(name) && bean instanceof ServletRegistrationBean<?> servlet) {
                    servlet.setEnabled(false);
                }
                return bean;
            }
        };
    }
}
