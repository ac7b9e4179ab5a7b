package dev.serai.watch;

import dev.serai.web.FilterOrder;
import jakarta.servlet.DispatcherType;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Puts the audit around every request. */
@Configuration(proxyBeanMethods = false)
class WatchConfiguration {

    @Bean
    FilterRegistrationBean<AuditFilter> auditFilter(Audit audit, ObjectProvider<RequestMappingHandlerMapping> mappings) {
        FilterRegistrationBean<AuditFilter> registration = new FilterRegistrationBean<>(new AuditFilter(audit, mappings));
        registration.setOrder(FilterOrder.AUDIT);
        registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
        return registration;
    }
}
