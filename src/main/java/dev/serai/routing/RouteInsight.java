package dev.serai.routing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.api.management.ManagedCamelContext;
import org.apache.camel.api.management.mbean.ManagedRouteMBean;
import org.springframework.stereotype.Component;

/** The route files and how their routes do, for people. */
@Component
public class RouteInsight {

    private final CamelContext camel;
    private final RouteFiles files;

    RouteInsight(CamelContext camel, RouteFiles files) {
        this.camel = camel;
        this.files = files;
    }

    /**
     * How a route does since the hub started.
     *
     * @param exchanges  that it finished, failed ones included
     * @param meanMillis of an exchange
     */
    public record RouteState(String id, String description, String status, long exchanges, long failed, long inFlight, long meanMillis) {}

    /** A route file; {@code error} says why its newest text does not run, or is null. */
    public record FileState(String file, Instant loadedAt, String error, List<RouteState> routes) {}

    public List<FileState> files() {
        ManagedCamelContext managed = camel.getCamelContextExtension().getContextPlugin(ManagedCamelContext.class);
        return files.files().stream().map(file -> new FileState(
                shortName(file.file()), file.loadedAt(), file.error(), file.routeIds().stream().map(id -> state(managed, id)).toList())).toList();
    }

    /** The texts of the route files by the names that {@link #files} gives them; nothing else can be read. */
    public Optional<String> text(String name) {
        Map<String, Path> known = new TreeMap<>();
        files.files().forEach(file -> known.put(shortName(file.file()), Path.of(file.file())));
        return Optional.ofNullable(known.get(name)).map(RouteInsight::read);
    }

    private static String read(Path file) {
        try {
            // A file in another encoding is refused, and looked at to see why.
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            return "# The file is gone";
        } catch (IOException e) {
            return "# The file cannot be read";
        }
    }

    /** From {@code routes/} on. */
    private static String shortName(String file) {
        int routes = file.lastIndexOf("routes/");
        return routes < 0 ? file : file.substring(routes);
    }

    private RouteState state(ManagedCamelContext managed, String id) {
        ManagedRouteMBean route = managed == null ? null : managed.getManagedRoute(id);
        if (route == null) {
            return new RouteState(id, "", "gone", 0, 0, 0, 0);
        }
        try {
            return new RouteState(id, route.getDescription(), route.getState(), route.getExchangesTotal(), route.getExchangesFailed(),
                    route.getExchangesInflight(), Math.max(0, route.getMeanProcessingTime()));
        } catch (Exception e) {
            throw new IllegalStateException("The state of route " + id + " cannot be read", e);
        }
    }
}
