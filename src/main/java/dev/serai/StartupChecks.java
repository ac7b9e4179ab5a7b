package dev.serai;

import dev.serai.settings.StartupProblem;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.Environment;

/** Looks at what would otherwise come up late, or as a fault of some library, before the database and the routes are started. */
class StartupChecks implements ApplicationContextInitializer<ConfigurableApplicationContext> {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        Environment settings = context.getEnvironment();
        requirePort(settings.getProperty("server.port", "8080"));
        requireAddress(settings.getProperty("server.address", ""));
        requireLogFormat(settings.getProperty("serai.log-format", "plain"));
        requireRoutes(Path.of(settings.getProperty("serai.home", ".")).toAbsolutePath().normalize());
    }

    private static void requirePort(String port) {
        if (!port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
            throw new StartupProblem(
                    "SERAI_PORT is '" + port + "', which is no port.",
                    "Set it to a number from 1 to 65535, or leave it out for 8080.");
        }
    }

    private static void requireAddress(String address) {
        try {
            InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new StartupProblem(
                    "SERAI_BIND is '" + address + "', which is no address of this machine.",
                    "Set it to 127.0.0.1 for this machine only, or to 0.0.0.0 for all its addresses.", e);
        }
    }

    private static void requireLogFormat(String format) {
        if (!format.matches("plain|json")) {
            throw new StartupProblem("SERAI_LOG_FORMAT is '" + format + "'.", "Set it to plain or json.");
        }
    }

    private static void requireRoutes(Path home) {
        if (!Files.isDirectory(home.resolve("routes"))) {
            throw new StartupProblem(
                    "There is no directory routes/ in " + home + ", so the hub would do nothing.",
                    "Start Serai in the directory that holds routes/ and config/, or set SERAI_HOME to it.");
        }
    }
}
