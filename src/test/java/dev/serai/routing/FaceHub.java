package dev.serai.routing;

import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.testing.TestDatabase;
import dev.serai.web.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** A hub of faces alone, over real HTTP, on a copy of their route files; the core is a bean that repeats what it was asked. */
final class FaceHub implements AutoCloseable {

    private final ConfigurableApplicationContext spring;
    private final HttpClient http = HttpClient.newHttpClient();
    final Path routes;

    FaceHub(Path home) {
        routes = home.resolve("routes");
        copy(Path.of("routes"), routes);
        spring = new SpringApplicationBuilder(Application.class).run("--serai.home=" + home, "--server.port=0", "--spring.jmx.enabled=true",
                "--camel.main.name=serai-" + home.getFileName());
    }

    CamelContext camel() {
        return spring.getBean(CamelContext.class);
    }

    RouteFiles files() {
        return spring.getBean(RouteFiles.class);
    }

    <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    HttpResponse<String> get(String path) {
        return send(request(path).GET().build());
    }

    HttpResponse<String> post(String path, String contentType, String body) {
        return send(request(path).header("Content-Type", contentType).POST(BodyPublishers.ofString(body)).build());
    }

    HttpResponse<String> post(String path, String body) {
        return post(path, "application/json", body);
    }

    void write(String file, String text) {
        try {
            Path path = routes.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String read(String file) {
        try {
            return Files.readString(routes.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String error(String file) {
        return files().files().stream().filter(state -> state.file().endsWith(file)).findFirst().map(RouteFileState::error).orElse(null);
    }

    @Override
    public void close() {
        spring.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + spring.getEnvironment().getProperty("local.server.port") + path));
    }

    private HttpResponse<String> send(HttpRequest request) {
        try {
            return http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) {
        try {
            Files.createDirectories(to.resolve("api"));
            for (String file : List.of("errors.camel.yaml", "api/syncflow.camel.yaml", "api/syncflow.openapi.json")) {
                Files.copy(from.resolve(file), to.resolve(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SpringBootConfiguration
    @EnableAutoConfiguration
    @ComponentScan({"dev.serai.contract", "dev.serai.docs", "dev.serai.web"})
    @Import({RoutingConfiguration.class, EncodedPaths.class})
    static class Application {

        @Bean
        @ConditionalOnMissingBean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        TestDatabase database() {
            return TestDatabase.create();
        }

        @Bean(destroyMethod = "")
        DataSource dataSource(TestDatabase database) {
            return database.dataSource();
        }

        @Bean("syncflow")
        EchoFace syncflow() {
            return new EchoFace();
        }

        @Bean
        ParkedSteps parkedSteps() {
            return new ParkedSteps();
        }

        @Bean
        SecurityFilterChain open(HttpSecurity security) throws Exception {
            return security.csrf(csrf -> csrf.disable()).authorizeHttpRequests(all -> all.anyRequest().permitAll()).build();
        }
    }

    /** The dead letters of a test. */
    static class ParkedSteps implements FailedStep.Sink {

        final List<FailedStep> parked = new CopyOnWriteArrayList<>();

        @Override
        public void park(FailedStep step) {
            parked.add(step);
        }
    }

    /** Answers every operation with what it was given. */
    public static class EchoFace {

        public Object root(ApiRequest request) {
            return echo(request);
        }

        public Object health(ApiRequest request) {
            return echo(request);
        }

        public Object metadata(ApiRequest request) {
            return echo(request);
        }

        public Object startSync(ApiRequest request) {
            return Answer.accepted(echo(request));
        }

        public Object syncStatus(ApiRequest request) {
            if ("unknown".equals(request.text("batch_uid"))) {
                throw ApiException.notFound("There is no batch unknown");
            }
            if ("broken".equals(request.text("batch_uid"))) {
                throw new IllegalStateException("a secret detail");
            }
            return echo(request);
        }

        public Object stopSync(ApiRequest request) {
            return echo(request);
        }

        public Object syncHistory(ApiRequest request) {
            return echo(request);
        }

        public Object retryFailed(ApiRequest request) {
            return echo(request);
        }

        public Object stats(ApiRequest request) throws InterruptedException {
            // An operation that takes its time, so that a route is replaced while a request is on it.
            Thread.sleep(700);
            return echo(request);
        }

        public Object failedRecords(ApiRequest request) {
            return echo(request);
        }

        public Object pendingChildren(ApiRequest request) {
            return echo(request);
        }

        public Object healthDetailed(ApiRequest request) {
            return Answer.of(503, echo(request));
        }

        public Object prometheusMetrics(ApiRequest request) {
            return Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", "serai_up 1\n");
        }

        public Object ledger(ApiRequest request) {
            return echo(request);
        }

        public Object record(ApiRequest request) {
            return echo(request);
        }

        public Object recordVersions(ApiRequest request) {
            return echo(request);
        }

        private static Map<String, Object> echo(ApiRequest request) {
            Map<String, Object> echo = new LinkedHashMap<>(request.parameters());
            echo.put("operation", request.operationId());
            echo.put("body", request.body());
            return echo;
        }
    }
}
