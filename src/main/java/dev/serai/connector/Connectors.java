package dev.serai.connector;

import dev.serai.run.Position;
import dev.serai.web.ApiException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.service.ServiceHelper;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** The sources by their slugs: the files in {@code routes/connectors/}, and behind them the connector service where one is set. */
@Component
public class Connectors {

    /** Route that pulls what has no file of its own. */
    static final String SERVICE_ROUTE = "pull-from-connector-service";

    private static final String TEMPLATE = "pull-connector";
    private static final String PULL = "pull-";
    private static final Pattern ADDRESS = Pattern.compile("https?://[^/?#]", Pattern.CASE_INSENSITIVE);
    private static final Pattern CREDENTIALS = Pattern.compile("https?://[^/?#]*@", Pattern.CASE_INSENSITIVE);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** Well beyond what a route that is replaced waits for what is under way on it, and others before it. */
    private static final Duration LONGEST_DRAIN = Duration.ofSeconds(40);

    private final CamelContext camel;
    private final String serviceUrl;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    Connectors(CamelContext camel, @Value("${serai.connector-url:}") String serviceUrl, Clock clock) {
        this.camel = camel;
        this.clock = clock;
        this.serviceUrl = serviceUrl.strip().replaceAll("/+$", "");
    }

    /**
     * The source of this slug. Whether the connector service knows it shows when it is first read.
     *
     * @throws ApiException 409 where its file declares what cannot be pulled, as when a property went away after it was loaded
     */
    public Optional<Connector> find(String slug) {
        RouteDefinition route = camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinition(PULL + slug);
        if (route != null && !SERVICE_ROUTE.equals(route.getId())) {
            try {
                return Optional.of(read(route.getId(), route.getTemplateParameters(), camel::resolvePropertyPlaceholders));
            } catch (IllegalArgumentException e) {
                throw ApiException.conflict("The connector " + slug + " cannot be used: " + e.getMessage());
            }
        }
        if (serviceUrl.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(Connector.of(slug, Map.of("url", serviceUrl + "/" + slug)));
    }

    /** The same, where it can be used as it is declared now. */
    Optional<Connector> findUsable(String slug) {
        try {
            return find(slug);
        } catch (ApiException e) {
            return Optional.empty();
        }
    }

    /**
     * Says what is wrong with a connector before it is asked for. Routes that declare none are sound.
     *
     * @param template     from which the route is made
     * @param parameters   of the route, as they are written
     * @param placeholders resolves the property placeholders of a text
     * @throws IllegalArgumentException naming the parameter that is wrong
     */
    public static void requireSound(String routeId, String template, Map<String, ?> parameters, UnaryOperator<String> placeholders) {
        if (SERVICE_ROUTE.equals(routeId) || !TEMPLATE.equals(template) && !routeId.startsWith(PULL)) {
            return;
        }
        Object slug = parameters.get("slug");
        if (TEMPLATE.equals(template) && !routeId.equals(PULL + slug)) {
            throw new IllegalArgumentException("The routeId of the connector \"" + slug + "\" is to be " + PULL + slug);
        }
        String url = read(routeId, parameters, placeholders).url();
        if (!ADDRESS.matcher(url).lookingAt()) {
            throw new IllegalArgumentException("The \"url\" is no http address: " + url);
        }
        if (CREDENTIALS.matcher(url).lookingAt()) {
            throw new IllegalArgumentException("The \"url\" has a user or password in it: say auth: basic, with user and secret");
        }
    }

    /** The slugs that have a route file. The connector service may know more. */
    public List<String> slugs() {
        return camel.getCamelContextExtension().getContextPlugin(Model.class).getRouteDefinitions().stream()
                .filter(route -> route.getTemplateParameters() != null && route.getId().startsWith(PULL))
                .map(route -> route.getId().substring(PULL.length()))
                .filter(slug -> !SERVICE_ROUTE.equals(PULL + slug))
                .sorted()
                .toList();
    }

    /** The route that pulls this slug, by the name of its {@code direct:} endpoint. */
    String routeIdOf(String slug) {
        return camel.getRoute(PULL + slug) != null ? PULL + slug : SERVICE_ROUTE;
    }

    /** That route, as it is now; null where there is none. */
    Route routeOf(String slug) {
        return camel.getRoute(routeIdOf(slug));
    }

    /** Whether the route takes nothing more, since it is being removed or replaced. */
    boolean isLeaving(Route route) {
        return route != null && (camel.getRoute(route.getId()) != route || !ServiceHelper.isStarted(route.getConsumer()));
    }

    /** Returns when a route that is leaving is gone and there is another in its place, or none comes. */
    void awaitSuccessor(Route route) {
        if (route == null) {
            return;
        }
        Instant latest = clock.instant().plus(LONGEST_DRAIN);
        while (camel.getRoute(route.getId()) == route && clock.instant().isBefore(latest)) {
            pause();
        }
        latest = clock.instant().plus(PATIENCE);
        while (camel.getRoute(route.getId()) == null && clock.instant().isBefore(latest)) {
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The hub is stopping", e);
        }
    }

    /** Asks the connector service, where the slug has no file. A service that is down may know it: the run will find out. */
    public boolean isUnknownToService(Connector connector) {
        if (!routeIdOf(connector.slug()).equals(SERVICE_ROUTE)) {
            return false;
        }
        URI address = new PageRequest(connector, 1).address(Position.start(null, clock.instant()));
        try {
            HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).GET().build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 404;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The parameters' property placeholders are resolved: an address may be {@code {{ERP_URL}}/items}. */
    private static Connector read(String routeId, Map<String, ?> parameters, UnaryOperator<String> placeholders) {
        Map<String, String> resolved = new HashMap<>();
        if (parameters != null) {
            parameters.forEach((name, value) -> resolved.put(name, placeholders.apply(String.valueOf(value))));
        }
        return Connector.of(routeId.substring(PULL.length()), resolved);
    }
}
