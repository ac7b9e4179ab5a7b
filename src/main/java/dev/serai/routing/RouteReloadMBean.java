package dev.serai.routing;

import java.util.Map;

/** What JMX tells about the route files, as {@code dev.serai:type=RouteReload}. */
public interface RouteReloadMBean {

    /** When a file was last tried, in ISO 8601; empty before the first. */
    String getLastReload();

    /** Which file that was. */
    String getLastFile();

    /** Why it was refused, with file and line; empty where it took effect. */
    String getLastError();

    /** The state of each file: its routes, or what is wrong with it. */
    Map<String, String> getFiles();
}
