package dev.serai.pos;

import dev.serai.database.DatabaseMode;
import dev.serai.settings.SeraiProperties;
import dev.serai.settings.StartupProblem;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Where orders are sent: the configured endpoint, else the demo receiver inside this hub, where there is one. */
@Component
public class CloudEndpoint {

    private final PosSettings settings;
    private final Environment environment;
    private final boolean demo;

    CloudEndpoint(PosSettings settings, SeraiProperties hub, Environment environment,
            @Value("${server.address:0.0.0.0}") InetAddress address) {
        this.settings = settings;
        this.environment = environment;
        this.demo = hub.demo() || DatabaseMode.of(hub.db().url()) == DatabaseMode.EMBEDDED && address.isLoopbackAddress();
        requireUrl(settings.cloudUrl());
    }

    private static void requireUrl(String url) {
        if (!url.isBlank() && !isHttp(url)) {
            throw new StartupProblem("SERAI_CLOUD_URL is '" + withoutUser(url) + "', which is no address that orders can be sent to.",
                    "Set it to the cloud's endpoint for orders, for example https://cloud.example/sync, or leave it out.");
        }
    }

    private static boolean isHttp(String url) {
        try {
            URI uri = new URI(url.strip());
            return uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Empty where there is nowhere to send orders to. */
    public Optional<String> url() {
        if (!settings.cloudUrl().isBlank()) {
            return Optional.of(settings.cloudUrl().strip());
        }
        String port = environment.getProperty("local.server.port");
        return demo && port != null ? Optional.of("http://127.0.0.1:" + port + "/demo/cloud/orders") : Optional.empty();
    }

    /** As it may be shown: without a user and password in it. */
    Optional<String> shown() {
        return url().map(CloudEndpoint::withoutUser);
    }

    private static String withoutUser(String url) {
        return url.replaceFirst("//[^/@]*@", "//");
    }

    /** What is sent along as {@code Authorization}, or empty for nothing. */
    public Optional<String> authorization() {
        return settings.cloudToken().isBlank() ? Optional.empty() : Optional.of("Bearer " + settings.cloudToken().strip());
    }
}
