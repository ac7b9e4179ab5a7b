package dev.serai.routing;

import java.time.Instant;
import java.util.List;

/**
 * What the hub knows of one route file.
 *
 * @param file     its path
 * @param routeIds the routes that run from it now
 * @param loadedAt when what runs now was loaded; null where it never was
 * @param error    why its newest text was refused, with the file and the line: {@code routes/x.camel.yaml:12: …}; null where all is well
 */
public record RouteFileState(String file, List<String> routeIds, Instant loadedAt, String error) {
}
