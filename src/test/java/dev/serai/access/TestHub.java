package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.database.FullDisk;
import dev.serai.testing.SettableClock;
import dev.serai.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The access layer under real HTTP and a real database, with stubs for the faces. */
final class TestHub implements AutoCloseable {

    static final String BEARER = "Bearer demo-token";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    final TestDatabase database;
    final ConfigurableApplicationContext context;

    private TestHub(TestDatabase database, List<String> settings) {
        this.database = database;
        List<String> all = new ArrayList<>(List.of(
                "--server.port=0", "--spring.datasource.url=" + database.url(), "--spring.datasource.username=" + database.user(),
                "--spring.datasource.password=" + database.password(), "--spring.flyway.enabled=false", "--serai.home=" + home(), "--serai.data-dir=" + home().resolve("data"),
                "--spring.jmx.enabled=false",
                "--camel.component.http.http-client-configurer=", "--camel.component.https.http-client-configurer=",
                "--serai.http.max-body-size=64KB"));
        all.addAll(settings);
        this.context = new SpringApplication(App.class).run(all.toArray(String[]::new));
    }

    /** As a newcomer starts it: loopback, embedded. */
    static TestHub onTrial(String... settings) {
        return on(TestDatabase.create(), settings);
    }

    /** As operations run it: on every address, with a super admin {@code root}. */
    static TestHub inProduction(String... settings) {
        List<String> all = new ArrayList<>(List.of("--server.address=0.0.0.0", "--serai.admin.user=root",
                "--serai.admin.password=correct horse"));
        all.addAll(List.of(settings));
        return on(TestDatabase.create(), all.toArray(String[]::new));
    }

    static TestHub on(TestDatabase database, String... settings) {
        return new TestHub(database, List.of(settings));
    }

    Answer get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    Answer post(String path, String body, String... headers) {
        return send("POST", path, body, headers);
    }

    Answer send(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = request(path).method(method, body == null
                ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return send(request.build());
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    Answer send(HttpRequest request) {
        try {
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            return new Answer(response);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Issues a token as super admin. */
    String token(String fields) {
        Answer answer = post("/v1/access/tokens", "{\"name\": \"test\", " + fields + "}", "Authorization", adminAuthorization());
        return "Bearer " + answer.json().at("/data/token").asText();
    }

    String adminAuthorization() {
        return context.getBean(AccessMode.class).demo() ? BEARER : "Basic cm9vdDpjb3JyZWN0IGhvcnNl";
    }

    int port() {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    JdbcClient sql() {
        return context.getBean(JdbcClient.class);
    }

    SettableClock clock() {
        return context.getBean(SettableClock.class);
    }

    FaceStubs stubs() {
        return context.getBean(FaceStubs.class);
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }

    private static Path home() {
        try {
            Path home = Path.of("target", "test-hub");
            Files.createDirectories(home.resolve("routes"));
            return home;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new IllegalStateException("Not JSON: " + response.body(), e);
            }
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }
    }

    @EnableAutoConfiguration
    // Of dev.serai.watch the audit alone: health and metrics look at the core, which is not here.
    @ComponentScan(basePackages = {"dev.serai.access", "dev.serai.web", "dev.serai.watch"},
            excludeFilters = @Filter(type = FilterType.REGEX, pattern = "dev\\.serai\\.watch\\.Hub.*"))
    @Import(FullDisk.class)
    static class App {

        @Bean
        SettableClock clock() {
            return new SettableClock();
        }
    }
}
