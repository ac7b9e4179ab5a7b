package dev.serai.routing;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Shows the route files in JMX. */
final class RouteReload implements RouteReloadMBean {

    private final RouteFiles files;

    RouteReload(RouteFiles files) {
        this.files = files;
    }

    @Override
    public String getLastReload() {
        return Objects.toString(files.lastReload().at(), "");
    }

    @Override
    public String getLastFile() {
        return Objects.toString(files.lastReload().file(), "");
    }

    @Override
    public String getLastError() {
        return Objects.toString(files.lastReload().error(), "");
    }

    @Override
    public Map<String, String> getFiles() {
        Map<String, String> states = new TreeMap<>();
        files.files().forEach(file -> states.put(file.file(), file.error() == null ? String.join(", ", file.routeIds()) : file.error()));
        return states;
    }
}
