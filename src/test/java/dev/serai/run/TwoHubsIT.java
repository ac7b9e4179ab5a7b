package dev.serai.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Api;
import dev.serai.testing.HubProcess;
import dev.serai.testing.SourceServer;
import dev.serai.testing.TestDatabase;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Two hubs, each a process, on one database: they share runs and queue, and one goes on where the other is killed. */
class TwoHubsIT {

    private static final int COUNT = 3_000;
    private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

    private final TestDatabase database = TestDatabase.create();
    private final JdbcTemplate jdbc = new JdbcTemplate(database.dataSource());
    private final SourceServer source = new SourceServer();
    private final HubProcess one = hub("one");
    private final HubProcess two = hub("two");
    private final Api api = new Api(() -> one.baseUrl());

    private HubProcess hub(String name) {
        return HubProcess.onNewData()
                .with("SERAI_DB_URL", database.url() + "?ApplicationName=" + name)
                .with("SERAI_DB_USER", database.user())
                .with("SERAI_DB_PASSWORD", database.password())
                .with("SERAI_DB_POOL_SIZE", "10")
                .with("SERAI_DEMO", "true")
                .with("SERAI_BIND", "127.0.0.1")
                .with("SERAI_RUNS_AT_ONCE", "1")
                .with("SERAI_CONNECTOR_URL", source.url());
    }

    @BeforeEach
    void start() {
        // Who takes changes from the queue is noted beside it.
        jdbc.execute("CREATE TABLE worked (hub text, n bigint)");
        jdbc.execute("""
                CREATE FUNCTION note_worker() RETURNS trigger LANGUAGE plpgsql AS
                'BEGIN INSERT INTO worked SELECT current_setting(''application_name''), count(*) FROM gone HAVING count(*) > 0; RETURN NULL; END'""");
        jdbc.execute("CREATE TRIGGER noted AFTER DELETE ON pending REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_worker()");
        HubProcess.start(one, two);
    }

    @AfterEach
    void stop() {
        one.close();
        two.close();
        source.close();
        database.close();
    }

    /** As behind a balancer: each request comes to another hub. */
    private void assertThatWhoSignsInAtOneIsSignedInAtBoth() throws Exception {
        HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        Matcher form = CSRF.matcher(send(browser, one, "/console/login", null).body());
        assertThat(form.find()).isTrue();
        HttpResponse<String> in = send(browser, two, "/console/login", "username=demo&password=demo&_csrf=" + form.group(1));
        assertThat(in.headers().firstValue("Location").orElseThrow()).endsWith("/console");
        assertThat(in.headers().firstValue("Set-Cookie").orElseThrow()).contains("HttpOnly", "SameSite=Lax");

        HttpResponse<String> page = send(browser, one, "/console/runs", null);
        assertThat(page.body()).contains("Sign out demo");
        Matcher token = CSRF.matcher(page.body());
        assertThat(token.find()).isTrue();
        assertThat(send(browser, two, "/console/logout", "").body()).as("a form without its token").contains("the form was too old");
        assertThat(send(browser, two, "/console", null).body()).contains("Sign out demo");

        send(browser, two, "/console/logout", "_csrf=" + token.group(1));
        assertThat(send(browser, one, "/console/runs", null).headers().firstValue("Location").orElseThrow()).endsWith("/console/login");
    }

    private static HttpResponse<String> send(HttpClient browser, HubProcess hub, String path, String form) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.baseUrl() + path)).header("Accept", "text/html");
        if (form != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded").POST(BodyPublishers.ofString(form));
        }
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void twoHubsShareTheWorkAndOneGoesOnAloneWhereTheOtherIsKilled() throws Exception {
        assertThatWhoSignsInAtOneIsSignedInAtBoth();
        source.table("t_lines", lines("first", "2025-01-01"));
        awaitEnd(begin("t_lines", LINES_PARENT));
        source.table("t_lines", lines("second", "2025-01-02"));
        awaitEnd(begin("t_lines", LINES_PARENT));
        assertThat(count("SELECT count(*) FROM hold")).isEqualTo(2 * COUNT);

        source.table("t_orders", IntStream.range(0, COUNT).mapToObj(i -> "{\"id\": \"o" + i + "\"}").toList());
        source.table("t_others", IntStream.range(0, COUNT).mapToObj(i -> "{\"id\": \"x" + i + "\"}").toList());
        source.mood((table, page) -> {
            // A source that takes its time, so that a run is still going on when its hub is killed.
            Thread.sleep(150);
            return 200;
        });
        String orders = begin("t_orders", "");
        String others = begin("t_others", "");
        await().atMost(Duration.ofSeconds(30)).until(() -> count("SELECT count(DISTINCT owner) FROM run WHERE status = 'running'") == 2);
        await().atMost(Duration.ofSeconds(60)).until(() -> count("SELECT count(*) FROM worked") > 0);
        two.kill9();

        awaitEnd(orders);
        awaitEnd(others);
        await().atMost(Duration.ofSeconds(60)).until(() -> count("SELECT count(*) FROM hold") + count("SELECT count(*) FROM pending") == 0);
        assertThat(status(orders).path("created").asInt()).isEqualTo(COUNT);
        assertThat(status(others).path("created").asInt()).isEqualTo(COUNT);
        assertThat(count("SELECT sum(n) FROM worked")).as("each change was taken from the queue once").isEqualTo(2 * COUNT);
        assertThat(count("SELECT count(*) FROM record WHERE entity_type = 't_lines' AND version = 2 AND payload ->> 'text' = 'second'"))
                .as("each line has its two versions in order").isEqualTo(COUNT);
        JsonNode ledger = api.get("/api/v1/ledger").body();
        assertThat(ledger.path("balanced").asBoolean()).as(ledger.toString()).isTrue();
        assertThat(ledger.path("total").path("accepted").asInt()).isEqualTo(4 * COUNT);
    }

    private static final String LINES_PARENT = "\"parent\": {\"entity_name\": \"t_orders\", \"key_fields\": [\"order\"]}, ";

    private static List<String> lines(String text, String day) {
        return IntStream.range(0, COUNT)
                .mapToObj(i -> "{\"id\": \"l" + i + "\", \"order\": \"o" + i + "\", \"text\": \"" + text + "\", \"updated_at\": \"" + day + "\"}")
                .toList();
    }

    private String begin(String table, String more) {
        Api.Answer answer = api.post("/api/v1/sync/start", "{\"entity_name\": \"" + table + "\", \"connector_api_slug\": \"" + table + "\", " + more
                + "\"business_key_fields\": [\"id\"], \"sync_type\": \"full\", \"page_size\": 100}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body().path("batch_uid").asText();
    }

    private void awaitEnd(String run) {
        await().atMost(Duration.ofSeconds(90)).until(() -> !List.of("pending", "running").contains(status(run).path("status").asText()));
        assertThat(status(run).path("status").asText()).as(status(run).toString()).isEqualTo("completed");
    }

    private JsonNode status(String run) {
        return api.get("/api/v1/sync/status/" + UUID.fromString(run)).body();
    }

    private long count(String sql) {
        return jdbc.queryForObject(sql, Long.class);
    }
}
