package dev.serai.watch;

import dev.serai.web.FilterOrder;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the audit around every request. */
@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter(Audit audit) {
        FilterRegistrationBean<AuditFilter> registration = new FilterRegistrationBean<>(new AuditFilter(audit));
        registration.setOrder(FilterOrder.AUDIT);
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        return registration;
    }
}
