package dev.serai.connector;

import java.util.Map;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The sources by their slugs: the files in {@code routes/connectors/}, and behind them the connector service where one is set. */
@Component
public class Connectors {

    /** Route that pulls what has no file of its own. */
    static final String SERVICE_ROUTE = "pull-from-connector-service";

    private final CamelContext camel;
    private final String serviceUrl;

    Connectors(CamelContext camel, @Value("${serai.connector-url:}") String serviceUrl) {
        this.camel = camel;
        this.serviceUrl = serviceUrl.strip().replaceAll("/+$", "");
    }

    /** The source of this slug. Whether the connector service knows it shows when it is first read. */
    public Optional<Connector> find(String slug) {
        RouteDefinition route = camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition("pull-" + slug);
        if (route != null && !SERVICE_ROUTE.equals(route.getId())) {
            return Optional.of(Connector.of(slug, templateParameters(route)));
        }
        if (serviceUrl.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Connector.of(slug, Map.of("url", serviceUrl + "/" + slug)));
    }

    /** The route that pulls this slug, by the name of its {@code direct:} endpoint. */
    String routeOf(String slug) {
        return camel.getRoute("pull-" + slug) != null ? "pull-" + slug : SERVICE_ROUTE;
    }

    /** Whether the slug has no file and is read from the connector service. */
    public boolean isServed(String slug) {
        return routeOf(slug).equals(SERVICE_ROUTE);
    }

    private static Map<String, ?> templateParameters(RouteDefinition route) {
        Map<String, Object> parameters = route.getTemplateParameters();
        return parameters == null ? Map.of() : parameters;
    }
}
