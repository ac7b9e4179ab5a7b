package dev.serai.routing;

import org.eclipse.jetty.ee10.servlet.ServletHandler;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.springframework.boot.web.embedded.jetty.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** Lets escaped slashes and percent signs through to the faces: the key of a record may hold both. Everything matches on the raw path. */
@Configuration(proxyBeanMethods = false)
class EncodedPaths {

    @Bean
    WebServerFactoryCustomizer<JettyServletWebServerFactory> encodedPathsInJetty() {
        UriCompliance compliance = UriCompliance.DEFAULT.with("record-keys", Violation.AMBIGUOUS_PATH_SEPARATOR,
                Violation.AMBIGUOUS_PATH_ENCODING);
        return factory -> factory.addServerCustomizers(server -> {
            for (var connector : server.getConnectors()) {
                for (HttpConnectionFactory http : connector.getBeans(HttpConnectionFactory.class)) {
                    HttpConfiguration configuration = http.getHttpConfiguration();
                    configuration.setUriCompliance(compliance);
                }
            }
            server.getDescendants(ServletHandler.class).forEach(handler -> handler.setDecodeAmbiguousURIs(true));
        });
    }

    /** The only one: of two, Spring Security takes neither. What else could make two paths of one stays refused. */
    @Bean
    HttpFirewall encodedPathsInSecurity() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        return firewall;
    }
}
