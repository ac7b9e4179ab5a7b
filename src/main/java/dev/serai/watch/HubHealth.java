package dev.serai.watch;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.database.DatabaseMode;
import dev.serai.database.FullDisk;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** How the hub and what it depends on are doing. */
@Component
public class HubHealth {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final JdbcTemplate jdbc;
    private final DatabaseProbe probe;
    private final FullDisk disk;
    private final DatabaseMode mode;
    private final String connectorUrl;
    private final String scheduleHubUrl;
    private final String version;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    HubHealth(
            JdbcTemplate jdbc,
            DatabaseProbe probe,
            FullDisk disk,
            DatabaseMode mode,
            @Value("${serai.connector-url:}") String connectorUrl,
            @Value("${serai.schedulehub-url:}") String scheduleHubUrl,
            @Value("${serai.version}") String version,
            Clock clock) {
        this.jdbc = jdbc;
        this.probe = probe;
        this.disk = disk;
        this.mode = mode;
        this.connectorUrl = connectorUrl;
        this.scheduleHubUrl = scheduleHubUrl;
        this.version = version;
        this.clock = clock;
    }

    /** How one thing is doing: {@code healthy}, {@code unhealthy} or {@code not_configured}. */
    public record Component(String status, String message) {}

    @JsonNaming(SnakeCaseStrategy.class)
    public record Detailed(String status, Map<String, Component> components, Instant checkedAt) {

        @JsonIgnore
        public boolean isHealthy() {
            return status.equals("healthy");
        }
    }

    public Map<String, Object> service() {
        Map<String, Object> service = new LinkedHashMap<>();
        service.put("service", "Serai");
        service.put("version", version);
        service.put("status", "running");
        service.put("docs", "/api/v1/docs");
        return service;
    }

    public Map<String, Object> basic() {
        Map<String, Object> basic = new LinkedHashMap<>();
        basic.put("status", "healthy");
        basic.put("service", "Serai");
        basic.put("version", version);
        basic.put("environment", environment());
        return basic;
    }

    public Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("app", "Serai");
        metadata.put("version", version);
        metadata.put("environment", environment());
        metadata.put("database", database());
        metadata.put("connector", url(connectorUrl));
        metadata.put("smartplan", url(scheduleHubUrl));
        return metadata;
    }

    private String environment() {
        return mode == DatabaseMode.EMBEDDED ? "development" : "production";
    }

    private Map<String, Object> database() {
        Map<String, Object> database = new LinkedHashMap<>();
        database.put("type", "PostgreSQL");
        database.put("mode", mode.name().toLowerCase(Locale.ROOT));
        try {
            database.put("version", jdbc.queryForObject("SHOW server_version", String.class));
            database.put("name", jdbc.queryForObject("SELECT current_database()", String.class));
        } catch (DataAccessException e) {
            database.put("version", null);
        }
        return database;
    }

    private static Map<String, Object> url(String url) {
        Map<String, Object> service = new LinkedHashMap<>();
        service.put("url", url.isBlank() ? null : url);
        return service;
    }

    /** Asks everything at once, and waits a few seconds at most. */
    public Detailed detailed() {
        CompletableFuture<Component> connector = probe(connectorUrl, "SERAI_CONNECTOR_URL");
        CompletableFuture<Component> scheduleHub = probe(scheduleHubUrl, "SERAI_SCHEDULEHUB_URL");
        Map<String, Component> components = new LinkedHashMap<>();
        components.put("database", askDatabase());
        components.put("connector_api", connector.join());
        components.put("schedulehub_api", scheduleHub.join());
        boolean healthy = components.values().stream().noneMatch(c -> c.status().equals("unhealthy"));
        return new Detailed(healthy ? "healthy" : "unhealthy", components, clock.instant());
    }

    private Component askDatabase() {
        if (!probe.answers()) {
            return new Component("unhealthy", "PostgreSQL does not answer");
        }
        return disk.wasMetLately()
                ? new Component("unhealthy", "PostgreSQL answers, but its disk is full: within the last minute something could not be written")
                : new Component("healthy", "PostgreSQL answers");
    }

    private CompletableFuture<Component> probe(String url, String key) {
        if (url.isBlank()) {
            return CompletableFuture.completedFuture(new Component("not_configured", key + " is not set"));
        }
        HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).GET().build();
        return http.sendAsync(request, BodyHandlers.discarding())
                .thenApply(answer -> answer.statusCode() < 500
                        ? new Component("healthy", "answers " + answer.statusCode())
                        : new Component("unhealthy", "answers " + answer.statusCode()))
                .exceptionally(e -> new Component("unhealthy", "cannot be reached"));
    }
}
