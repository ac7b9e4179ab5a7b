package dev.serai.routing;

import dev.serai.routing.Unit.Kind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts units into one Camel context and takes them out again. The trial context and the real one are served alike. */
final class UnitInstaller {

    private static final Logger LOG = LoggerFactory.getLogger(UnitInstaller.class);
    /** While one route stops no other is reloaded, so that a source that hangs may not keep it for long. */
    private static final long DRAIN_SECONDS = 5;

    private final ModelCamelContext context;

    UnitInstaller(CamelContext context) {
        this.context = (ModelCamelContext) context;
    }

    void add(Unit unit) throws Exception {
        PluginHelper.getRoutesLoader(context).loadRoutes(resource(unit));
        if (unit.kind().isRoute() && context.getRoute(unit.id()) == null) {
            throw new IllegalStateException("Camel took the file but made no route of this id");
        }
    }

    /** Has Camel read a unit that it need not run. */
    void parse(Unit unit) throws Exception {
        for (RoutesBuilder builder : PluginHelper.getRoutesLoader(context).findRoutesBuilders(List.of(resource(unit)))) {
            ((RouteBuilder) builder).configureRoutes(context);
        }
    }

    void remove(Unit unit) throws Exception {
        if (unit.kind() == Kind.CONFIGURATION) {
            RouteConfigurationDefinition configuration = context.getRouteConfigurationDefinition(unit.id());
            if (configuration != null) {
                context.removeRouteConfiguration(configuration);
            }
        } else if (unit.kind() == Kind.TEMPLATE) {
            context.removeRouteTemplateDefinitions(unit.id());
        } else if (unit.kind().isRoute()) {
            removeRoute(unit.id());
        }
    }

    /** Stops a route, lets the exchanges in flight on it finish for a while, and removes it. Those that take longer end at their next step. */
    void removeRoute(String id) throws Exception {
        if (context.getRoute(id) != null) {
            context.getRouteController().stopRoute(id, DRAIN_SECONDS, TimeUnit.SECONDS);
            if (context.getShutdownStrategy().hasTimeoutOccurred()) {
                LOG.info("Route {} is replaced though something was still on its way in it after {} s; that ends by itself", id, DRAIN_SECONDS);
            }
            context.removeRoute(id);
        }
        RouteDefinition left = context.getRouteDefinition(id);
        if (left != null) {
            context.removeRouteDefinition(left);
        }
    }

    private static Resource resource(Unit unit) {
        // Empty lines before the unit keep Camel's line numbers those of the file.
        return ResourceHelper.fromString("file:" + unit.file(), "\n".repeat(unit.line() - 1) + unit.text() + "\n");
    }
}
