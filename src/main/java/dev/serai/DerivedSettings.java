package dev.serai;

import dev.serai.database.DatabaseMode;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Sets those of Spring's keys that follow from Serai's. Whoever sets Spring's own key is obeyed. */
class DerivedSettings implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Map<String, Object> derived = new HashMap<>();
        derived.put("server.address", address(environment));
        if ("json".equals(environment.getProperty("serai.log-format"))) {
            derived.put("logging.structured.format.console", "logstash");
        }
        environment.getPropertySources().addLast(new MapPropertySource("serai-derived", derived));
    }

    /** With its own database the hub may have demo credentials, and nobody else on the network is to find it. */
    private static String address(ConfigurableEnvironment environment) {
        String chosen = environment.getProperty("serai.bind", "");
        if (!chosen.isBlank()) {
            return chosen;
        }
        return switch (DatabaseMode.of(environment.getProperty("serai.db.url"))) {
            case EMBEDDED -> "127.0.0.1";
            case EXTERNAL -> "0.0.0.0";
        };
    }

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER + 1;
    }
}
