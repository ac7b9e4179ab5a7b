package dev.serai.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serai.testing.HubProcess;
import dev.serai.testing.NodePackages;
import dev.serai.testing.SourceServer;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.util.FileSystemUtils;

/** The console of a real hub, looked at by a real browser. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {

    private static final Path PICTURES = Path.of("target", "console-pictures").toAbsolutePath();

    private final HttpClient http = HttpClient.newHttpClient();
    private SourceServer source;
    private HubProcess hub;
    private Path home;

    @BeforeAll
    void startTheHubAndASlowSource() throws IOException {
        home = Files.createTempDirectory("serai-console-");
        FileSystemUtils.copyRecursively(Path.of("routes"), home.resolve("routes"));
        source = new SourceServer()
                .table("items", IntStream.range(0, 50).mapToObj(i -> "{\"id\": " + i + "}").toList())
                .table("slow", IntStream.range(0, 24_000).mapToObj(i -> "{\"id\": " + i + "}").toList());
        source.mood((table, page) -> {
            if (table.equals("slow")) {
                // A source takes its time; the test itself waits for nothing by sleeping.
                Thread.sleep(250);
            }
            return 200;
        });
        for (String table : new String[] {"items", "slow"}) {
            Files.writeString(home.resolve("routes/connectors/" + table + ".camel.yaml"), source.connector(table));
        }
        hub = HubProcess.onNewData().with("SERAI_HOME", home.toString()).with("SERAI_DELIVERY_ALLOW", "127.0.0.0/8").start();
    }

    @AfterAll
    void endThem() throws IOException {
        hub.close();
        source.close();
        FileSystemUtils.deleteRecursively(home);
    }

    @Test
    void aPersonSignsInAndWatchesAndReplaysAndFollowsARecord() throws IOException {
        assumeTrue(System.getenv("CI") != null || Files.exists(Path.of("/usr/bin/chromium")), "needs Debian's package chromium");
        Files.createDirectories(PICTURES);

        NodePackages.Result seen = NodePackages.run("console.mjs", hub.baseUrl(), PICTURES.toString(), home.toString());

        assertThat(seen.exitCode()).as("%s%n%s", seen.stdout(), seen.stderr()).isZero();
        assertThat(seen.stdout()).containsExactly(
                "signed in by keyboard",
                "saw the progress bar move",
                "stopped a run",
                "fetched one parent and then its parent",
                "saw the waiting tree",
                "replayed and discarded dead letters",
                "followed a record",
                "decided conflicts, took them back and decided again, all alike and for good",
                "paused and resumed a store",
                "saw why a route file does not run",
                "no page complained",
                "signed out");
    }

    @Test
    void nobodySeesOrDoesAnythingWithoutSigningIn() throws Exception {
        HttpResponse<String> page = send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/console/runs")));
        assertThat(page.statusCode()).isEqualTo(302);
        assertThat(page.headers().firstValue("Location").orElseThrow()).endsWith("/console/login");
        HttpResponse<String> part = send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/console/parts/now")).header("HX-Request", "true"));
        assertThat(part.statusCode()).isEqualTo(401);
        assertThat(part.headers().firstValue("HX-Redirect")).contains("/console/login");
        String before = history();
        HttpResponse<String> forged = send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/console/runs"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("connector=items")));
        assertThat(forged.headers().firstValue("Location").orElseThrow()).endsWith("/console/login");
        assertThat(history()).isEqualTo(before);
    }

    @Test
    void aViewerLooksAndChangesNothingUntilItsPasswordIsAnotherOne() throws Exception {
        assertThat(asAdmin("POST", "/v1/access/users", "{\"username\": \"vera\", \"password\": \"first words\", \"role\": \"viewer\"}"))
                .isEqualTo(201);
        HttpClient browser = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        assertThat(signIn(browser, "vera", "wrong words")).endsWith("/console/login?failed");
        assertThat(signIn(browser, "vera", "first words")).endsWith("/console");

        HttpResponse<String> runs = ask(browser, HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/console/runs")));
        assertThat(runs.statusCode()).isEqualTo(200);
        String before = history();
        HttpResponse<String> start = ask(browser, form("/console/runs", "connector=items&_csrf=" + csrf(runs)));
        assertThat(start.statusCode()).isEqualTo(403);
        assertThat(start.body()).contains("may look but not act");
        assertThat(hub.sql().sql("SELECT who FROM audit_entry WHERE subject = '/console/runs' AND result = '403'").query(String.class).list())
                .containsExactly("user:vera");
        assertThat(history()).isEqualTo(before);

        assertThat(asAdmin("PUT", "/v1/access/users/vera/password", "{\"password\": \"other words\"}")).isEqualTo(204);
        HttpResponse<String> out = ask(browser, HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/console/runs")));
        assertThat(out.headers().firstValue("Location").orElseThrow()).endsWith("/console/login");
        assertThat(signIn(browser, "vera", "other words")).contains("/console");
    }

    private int asAdmin(String method, String path, String body) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + path)).header("Authorization", "Bearer demo-token")
                .header("Content-Type", "application/json").method(method, BodyPublishers.ofString(body))).statusCode();
    }

    /** Where the sign-in leads. */
    private String signIn(HttpClient browser, String name, String password) throws Exception {
        HttpResponse<String> page = ask(browser, HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/console/login")));
        String fields = "username=" + name + "&password=" + password.replace(' ', '+') + "&_csrf=" + csrf(page);
        return ask(browser, form("/console/login", fields)).headers().firstValue("Location").orElseThrow();
    }

    private HttpRequest.Builder form(String path, String fields) {
        return HttpRequest.newBuilder(URI.create(hub.baseUrl() + path)).header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(fields));
    }

    private static String csrf(HttpResponse<String> page) {
        Matcher token = Pattern.compile("(?:name=\"_csrf\" value=\"|X-CSRF-TOKEN&quot;: &quot;)([\\w-]+)").matcher(page.body());
        assertThat(token.find()).as(page.body()).isTrue();
        return token.group(1);
    }

    private static HttpResponse<String> ask(HttpClient browser, HttpRequest.Builder request) throws Exception {
        return browser.send(request.build(), BodyHandlers.ofString());
    }

    private String history() throws Exception {
        return send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/api/v1/sync/history"))).body();
    }

    @Test
    void aBrowserAtTheRootIsLedToTheConsoleAndAProgramIsAnswered() throws Exception {
        HttpResponse<String> browser = send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/")).header("Accept", "text/html,*/*;q=0.8"));
        HttpResponse<String> program = send(HttpRequest.newBuilder(URI.create(hub.baseUrl() + "/")).header("Accept", "*/*"));

        assertThat(browser.statusCode()).isEqualTo(302);
        assertThat(browser.headers().firstValue("Location").orElseThrow()).endsWith("/console");
        assertThat(program.statusCode()).isEqualTo(200);
        assertThat(program.body()).contains("\"service\":\"Serai\"");
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
