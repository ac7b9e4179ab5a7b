package dev.serai;

import dev.serai.database.DatabaseMode;
import dev.serai.settings.SeraiProperties;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says that the hub is ready and where to look. Scripts wait for its first line. */
@Component
class ReadyAnnouncer {

    private static final Logger LOG = LoggerFactory.getLogger(ReadyAnnouncer.class);

    private final Environment environment;
    private final SeraiProperties settings;
    private final DatabaseMode mode;

    ReadyAnnouncer(Environment environment, SeraiProperties settings, DatabaseMode mode) {
        this.environment = environment;
        this.settings = settings;
        this.mode = mode;
    }

    @EventListener
    void announce(ApplicationReadyEvent ready) throws UnknownHostException {
        String port = environment.getProperty("local.server.port");
        if (port == null) {
            return;
        }
        InetAddress address = InetAddress.getByName(environment.getProperty("server.address"));
        String url = "http://" + host(address) + ":" + port;
        LOG.info("Serai is ready at {}", url);
        LOG.info("  Console      {}/console", url);
        LOG.info("  API docs     {}/api/v1/docs", url);
        LOG.info("  Hawtio       {}/actuator/hawtio", url);
        LOG.info("  Health       {}/api/v1/health", url);
        if (address.isLoopbackAddress() && (mode == DatabaseMode.EMBEDDED || settings.demo())) {
            LOG.info("  Demo access  user demo, password demo; Bearer demo-token; API key demo-api-key");
        }
        if (mode == DatabaseMode.EXTERNAL) {
            tellIfMissing("serai.access.jwt-key", "SERAI_JWT_KEY       is not set: nobody can log in");
            tellIfMissing("serai.secret-key", "SERAI_SECRET_KEY    is not set: stores' webhook secrets cannot be kept");
        }
    }

    private void tellIfMissing(String key, String text) {
        if (environment.getProperty(key, "").isBlank()) {
            LOG.info("  {}", text);
        }
    }

    /** So that a stop that was asked for is told from one that was not. */
    @EventListener
    void announce(ContextClosedEvent closed) {
        LOG.info("Serai is stopping");
    }

    /** An address that stands for all of the machine's own is none that a browser can open. */
    private static String host(InetAddress address) {
        if (address.isAnyLocalAddress()) {
            return "localhost";
        }
        return address.getHostAddress().contains(":") ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }
}
