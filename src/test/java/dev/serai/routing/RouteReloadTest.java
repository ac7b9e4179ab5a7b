package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import org.apache.camel.Route;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edits of route files on a running hub: sound ones are live within two seconds, broken ones change nothing and say where. */
class RouteReloadTest {

    private static final Duration LIVE = Duration.ofSeconds(2);
    private static final String SOURCE = "http://localhost:{{local.server.port}}/items";
    private static final String SYNCFLOW = "api/syncflow.camel.yaml";
    private static final String CONTRACT = "api/syncflow.openapi.json";

    @TempDir
    Path home;
    private FaceHub hub;

    @BeforeEach
    void start() {
        hub = new FaceHub(home);
        hub.write("greet.camel.yaml", greeting("hello"));
        await().atMost(LIVE).until(() -> "hello".equals(greet()));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void anEditIsLiveAndLeavesEveryOtherRouteAlone() {
        Route other = hub.camel().getRoute("syncflow-health");

        hub.write("greet.camel.yaml", greeting("good day"));

        await().atMost(LIVE).until(() -> "good day".equals(greet()));
        assertThat(hub.camel().getRoute("syncflow-health")).isSameAs(other);
    }

    @Test
    void aNewFileAddsItsRoutesAndARemovedFileTakesThemAway() throws IOException {
        hub.write("connectors/second.camel.yaml", route("second", "direct:second", "log:second"));
        await().atMost(LIVE).until(() -> hub.camel().getRoute("second") != null);

        Files.delete(hub.routes.resolve("connectors/second.camel.yaml"));

        await().atMost(LIVE).until(() -> hub.camel().getRoute("second") == null
                && hub.files().files().stream().noneMatch(file -> file.file().contains("second")));
        assertThat(greet()).isEqualTo("hello");
    }

    @Test
    void aRouteTakenOutOfAFileGoesAndTheOthersOfItStay() {
        hub.write("greet.camel.yaml", greeting("hello") + route("second", "direct:second", "log:second"));
        await().atMost(LIVE).until(() -> hub.camel().getRoute("second") != null);
        Route first = hub.camel().getRoute("greet");

        hub.write("greet.camel.yaml", greeting("hello"));

        await().atMost(LIVE).until(() -> hub.camel().getRoute("second") == null);
        assertThat(hub.camel().getRoute("greet")).isSameAs(first);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "bad YAML | ' - broken: [' | 8 ",
        "unknown step | '        - shout: loud' | 8 ",
        "unknown component | '        - to: {uri: nonsense:x}' | 8 ",
        "bad endpoint option | '        - to: {uri: log:x?shwAll=true}' | 8 ",
        "missing bean | '        - bean: {ref: nobody, method: any}' | 8 ",
        "missing method | '        - bean: {ref: syncflow, method: noSuchMethod}' | 8 ",
        "missing property | '        - log: {message: \"{{no.such.key}}\"}' | 8 ",
        "bad expression | '        - log: {message: \"${nofunction(\"}' | 8 "})
    void aBrokenEditChangesNothingAndNamesFileAndLine(String kind, String addition, int line) throws Exception {
        Route before = hub.camel().getRoute("greet");

        hub.write("greet.camel.yaml", greeting("good day") + addition + "\n");

        await().atMost(LIVE).until(() -> hub.error("greet.camel.yaml") != null);
        assertThat(hub.error("greet.camel.yaml")).as(kind).contains("greet.camel.yaml:" + line + ": ");
        assertThat(hub.camel().getRoute("greet")).isSameAs(before);
        assertThat(greet()).isEqualTo("hello");
        assertThat(jmx("LastError").toString()).isEqualTo(hub.error("greet.camel.yaml"));

        hub.write("greet.camel.yaml", greeting("mended"));
        await().atMost(LIVE).until(() -> "mended".equals(greet()));
        await().atMost(LIVE).until(() -> hub.error("greet.camel.yaml") == null);
        assertThat(jmx("LastError")).isEqualTo("");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "url | {{NOT_SET}}/pn | NOT_SET | 6",
        "url | erp.example/pn | erp.example/pn | 6",
        "url | http://me:word@erp.example/pn | has a user or password in it | 6",
        "paging | pages | page-number, offset, cursor, link | 7",
        "auth | beaerer | none, bearer, basic, header | 7",
        "auth | bearer | secret | 7",
        "parent | orders | parentKeys | 7",
        "keyz | id | keyz | 7"})
    void aConnectorThatCouldNotBePulledIsRefusedWithTheLine(String parameter, String value, String reason, int line) {
        hub.write("pull-connector.camel.yaml", pullTemplate());
        hub.write("connectors/items.camel.yaml", connector("url", SOURCE));
        await().atMost(LIVE.multipliedBy(2)).until(() -> hub.camel().getRoute("pull-items") != null);
        Route before = hub.camel().getRoute("pull-items");

        hub.write("connectors/items.camel.yaml", connector(parameter, value));

        await().atMost(LIVE).until(() -> hub.error("items.camel.yaml") != null);
        assertThat(hub.error("items.camel.yaml")).contains("items.camel.yaml:" + line + ": ").contains(reason);
        assertThat(hub.camel().getRoute("pull-items")).isSameAs(before);
    }

    @Test
    void aFileThatCannotBeReadIsNamedAndWhatRanBeforeGoesOn() throws IOException {
        Files.createDirectory(hub.routes.resolve("folder.camel.yaml"));
        await().atMost(LIVE).until(() -> hub.error("folder.camel.yaml") != null);
        assertThat(hub.error("folder.camel.yaml")).contains("folder.camel.yaml:1: It cannot be read: Is a directory");

        Path greet = hub.routes.resolve("greet.camel.yaml");
        Path elsewhere = home.resolve("elsewhere.yaml");
        Files.delete(greet);
        Files.createSymbolicLink(greet, elsewhere);
        await().atMost(LIVE).until(() -> hub.error("greet.camel.yaml") != null);
        assertThat(hub.error("greet.camel.yaml")).contains("greet.camel.yaml:1: It is a link to a file that is not there");
        await().during(LIVE).until(() -> "hello".equals(greet()));

        Files.writeString(elsewhere, greeting("good day"));
        await().atMost(LIVE).until(() -> "good day".equals(greet()));
        assertThat(hub.error("greet.camel.yaml")).isNull();
    }

    @Test
    void anIdThatAnotherFileHasIsRefused() {
        hub.write("twin.camel.yaml", greeting("twin"));

        await().atMost(LIVE).until(() -> hub.error("twin.camel.yaml") != null);

        assertThat(hub.error("twin.camel.yaml")).contains("twin.camel.yaml:1: ").contains("greet");
        assertThat(greet()).isEqualTo("hello");
    }

    @Test
    void twoFilesMaySwapTheirTextsAndAreEditedOn() throws IOException {
        hub.write("other.camel.yaml", route("other", "direct:other", "log:x"));
        await().atMost(LIVE).until(() -> hub.camel().getRoute("other") != null);
        Route greet = hub.camel().getRoute("greet");
        Path one = hub.routes.resolve("greet.camel.yaml");
        Path two = hub.routes.resolve("other.camel.yaml");

        Files.move(one, hub.routes.resolve("t"));
        Files.move(two, one);
        Files.move(hub.routes.resolve("t"), two);

        await().atMost(LIVE.multipliedBy(2)).until(() -> routesOf("other.camel.yaml").equals(List.of("greet"))
                && routesOf("greet.camel.yaml").equals(List.of("other")));
        assertThat(hub.error("greet.camel.yaml")).isNull();
        assertThat(hub.error("other.camel.yaml")).isNull();
        assertThat(hub.camel().getRoute("greet")).isSameAs(greet);

        hub.write("other.camel.yaml", greeting("swapped"));
        await().atMost(LIVE).until(() -> "swapped".equals(greet()));
    }

    @Test
    void aRenamedFileIsNeverWrong() throws Exception {
        Route greet = hub.camel().getRoute("greet");

        Files.move(hub.routes.resolve("greet.camel.yaml"), hub.routes.resolve("renamed.camel.yaml"));

        await().atMost(LIVE.multipliedBy(2)).until(() -> {
            assertThat(jmx("LastError")).isEqualTo("");
            return routesOf("renamed.camel.yaml").equals(List.of("greet"));
        });
        assertThat(hub.files().files()).noneMatch(file -> file.file().contains("greet.camel.yaml"));
        assertThat(hub.camel().getRoute("greet")).isSameAs(greet);
    }

    @Test
    void whatCanOnlyFailWhileStartingIsPutBack() {
        hub.write("twin.camel.yaml", route("twin", "direct:twin", "log:a") + route("thief", "direct:greet", "log:b"));

        await().atMost(LIVE).until(() -> hub.error("twin.camel.yaml") != null);

        assertThat(hub.camel().getRoute("twin")).isNull();
        assertThat(hub.camel().getRoute("thief")).isNull();
        assertThat(greet()).isEqualTo("hello");
    }

    @Test
    void checkingAFileConsumesNothingAndOpensNoPath() throws IOException {
        Path inbox = Files.createDirectory(home.resolve("inbox"));
        Files.writeString(inbox.resolve("one.txt"), "one");
        String sound = route("watch", "file:" + inbox + "?initialDelay=0&delay=10&delete=true", "log:x")
                + route("watch-timer", "timer:tick?delay=0&period=10", "direct:greet")
                + route("watch-quartz", "quartz:tick?cron=*+*+*+*+*+?", "log:x") + route("watch-http", "platform-http:/watch", "direct:greet");

        hub.write("watch.camel.yaml", sound + route("watch-broken", "direct:broken", "nonsense:x"));

        await().atMost(LIVE).until(() -> hub.error("watch.camel.yaml") != null);
        await().during(Duration.ofMillis(500)).until(() -> Files.exists(inbox.resolve("one.txt")));
        assertThat(hub.get("/watch").statusCode()).isEqualTo(404);
        assertThat(hub.camel().getRoute("watch")).isNull();

        hub.write("watch.camel.yaml", sound);
        await().atMost(LIVE).until(() -> !Files.exists(inbox.resolve("one.txt")));
        await().atMost(LIVE).until(() -> hub.get("/watch").statusCode() == 200);

        Files.delete(hub.routes.resolve("watch.camel.yaml"));
        await().atMost(LIVE).until(() -> hub.get("/watch").statusCode() == 404);
    }

    @Test
    void aHalfWrittenFileIsNotRead() throws Exception {
        Path file = hub.routes.resolve("greet.camel.yaml");
        String text = greeting("written slowly");

        Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);
        for (int i = 0; i < text.length(); i += 20) {
            assertThat(hub.error("greet.camel.yaml")).isNull();
            assertThat(greet()).isEqualTo("hello");
            Files.writeString(file, text.substring(i, Math.min(text.length(), i + 20)), StandardOpenOption.APPEND);
            await().pollDelay(Duration.ofMillis(60)).until(() -> true);
        }

        await().atMost(LIVE).until(() -> "written slowly".equals(greet()));
    }

    @Test
    void anEditedTemplateRebuildsItsRoutesAndNoOther() {
        hub.write("template.camel.yaml", template("one"));
        hub.write("connectors/made.camel.yaml", """
                - templatedRoute:
                    routeTemplateRef: saying
                    routeId: made
                    parameters:
                      - {name: name, value: made}
                """);
        await().atMost(LIVE).until(() -> hub.camel().getRoute("made") != null);
        Route untouched = hub.camel().getRoute("greet");
        assertThat(ask("direct:made")).isEqualTo("one made");

        hub.write("template.camel.yaml", template("two"));

        await().atMost(LIVE).until(() -> "two made".equals(ask("direct:made")));
        assertThat(hub.camel().getRoute("greet")).isSameAs(untouched);
    }

    @Test
    void anEditedConfigurationIsAppliedToTheRoutesThatNameIt() {
        Route plain = hub.camel().getRoute("greet");
        Route face = hub.camel().getRoute("syncflow-health");

        hub.write("errors.camel.yaml", hub.read("errors.camel.yaml").replaceFirst("maximumRedeliveries: 0", "maximumRedeliveries: 1"));

        await().atMost(Duration.ofSeconds(4)).until(() -> hub.camel().getRoute("syncflow-health") != null
                && hub.camel().getRoute("syncflow-health") != face);
        await().atMost(LIVE).untilAsserted(() -> assertThat(hub.get("/api/v1/health").statusCode()).isEqualTo(200));
        assertThat(hub.camel().getRoute("greet")).isSameAs(plain);
        assertThat(hub.error("errors.camel.yaml")).isNull();
    }

    @Test
    void everyEndpointKeepsAnsweringWhileAContractIsEdited() {
        AtomicBoolean going = new AtomicBoolean(true);
        AtomicInteger answers = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        List<CompletableFuture<Void>> callers = List.of(hammer("/api/v1/health", going, answers, failures),
                hammer("/api/v1/sync/history", going, answers, failures), hammer("/api/v1/monitoring/stats", going, answers, failures));

        for (int largest : List.of(70, 80, 90)) {
            hub.write(CONTRACT, hub.read(CONTRACT).replaceAll("\"maximum\": (100|70|80),", "\"maximum\": " + largest + ","));
            await().atMost(LIVE).until(() -> hub.get("/api/v1/sync/history?page_size=" + (largest + 1)).statusCode() == 422
                    && hub.get("/api/v1/sync/history?page_size=" + largest).statusCode() == 200);
        }
        going.set(false);
        callers.forEach(CompletableFuture::join);

        assertThat(failures).isEmpty();
        assertThat(answers.get()).isGreaterThan(100);
    }

    @Test
    void aBrokenContractChangesNothingAndIsNamedWithItsLine() {
        hub.write(CONTRACT, hub.read(CONTRACT).replaceFirst("\"title\": \"SyncFlow\",", "\"title\": \"SyncFlow\" oops,"));

        await().atMost(LIVE).until(() -> hub.error(SYNCFLOW) != null);

        assertThat(hub.error(SYNCFLOW)).contains("syncflow.openapi.json:4: ").contains("JSON");
        assertThat(hub.get("/api/v1/health").statusCode()).isEqualTo(200);
    }

    @Test
    void anOperationWaitsForItsRoute() {
        hub.write(CONTRACT, hub.read(CONTRACT).replace("\"operationId\": \"ledger\"", "\"operationId\": \"health2\""));
        await().atMost(LIVE).until(() -> hub.error(SYNCFLOW) != null);
        assertThat(hub.error(SYNCFLOW)).contains("syncflow.camel.yaml:1: ").contains("health2");
        assertThat(hub.get("/api/v1/ledger").statusCode()).isEqualTo(200);

        hub.write(SYNCFLOW, hub.read(SYNCFLOW).replace("direct:ledger", "direct:health2"));

        await().atMost(LIVE).until(() -> hub.error(SYNCFLOW) == null);
        assertThat(hub.get("/api/v1/ledger").body()).contains("\"operation\":\"health2\"");
    }

    @Test
    void aPathTakenOutOfTheContractIsGone() {
        hub.write(CONTRACT, hub.read(CONTRACT).replace("\"/api/v1/ledger\"", "\"/api/v1/account\""));

        await().atMost(LIVE).until(() -> hub.get("/api/v1/account").statusCode() == 200);

        assertThat(hub.get("/api/v1/ledger").statusCode()).isEqualTo(404);
    }

    @Test
    void aRequestInFlightOnAReplacedRouteCompletes() {
        CompletableFuture<Integer> slow = CompletableFuture.supplyAsync(() -> hub.get("/api/v1/monitoring/stats").statusCode());
        await().pollDelay(Duration.ofMillis(150)).until(() -> true);

        hub.write(SYNCFLOW, hub.read(SYNCFLOW).replace("Counts batches, failed", "Counts all batches, failed"));

        await().atMost(Duration.ofSeconds(3)).until(() -> hub.camel().getRoute("syncflow-stats") != null
                && hub.camel().getRoute("syncflow-stats").getDescription().startsWith("Counts all"));
        assertThat(slow.join()).isEqualTo(200);
    }

    @Test
    void aRouteThatIsTickedEachSecondIsReplacedAtOnce() throws IOException {
        String apply = Files.readString(Path.of("routes/apply-changes.camel.yaml"))
                .replace("bean: {ref: queueWorker, method: applyBatch}", "setBody: {constant: {expression: \"0\"}}")
                .replace("    routeConfigurationId: scheduled\n", "");
        hub.write("apply-changes.camel.yaml", apply);
        await().atMost(LIVE).until(() -> hub.camel().getRoute("apply-changes-tick") != null);

        hub.write("apply-changes.camel.yaml", apply.replace("Applies journalled", "Applies all journalled"));

        await().atMost(Duration.ofSeconds(4)).until(() -> hub.camel().getRoute("apply-changes") != null
                && hub.camel().getRoute("apply-changes").getDescription().startsWith("Applies all"));
    }

    @Test
    void whatHangsOnARouteDoesNotKeepItsReloadForLong() {
        hub.write("greet.camel.yaml", greeting("hello") + """
                        - delay:
                            constant: {expression: "20000"}
                """);
        Route before = hub.camel().getRoute("greet");
        await().atMost(LIVE).until(() -> hub.camel().getRoute("greet") != null && hub.camel().getRoute("greet") != before);
        CompletableFuture.runAsync(this::greet);
        await().atMost(LIVE).until(() -> hub.camel().getInflightRepository().size("greet") == 1);
        Route hanging = hub.camel().getRoute("greet");

        hub.write("greet.camel.yaml", greeting("good day"));

        await().atMost(Duration.ofSeconds(9)).until(() -> hub.camel().getRoute("greet") != null && hub.camel().getRoute("greet") != hanging);
        assertThat(greet()).isEqualTo("good day");
    }

    @Test
    void aFileInAnotherEncodingIsRefusedWithTheLineAndChangesNothing() throws Exception {
        Files.writeString(hub.routes.resolve("greet.camel.yaml"), "# Gr\u00fc\u00dfe\n" + greeting("good day"), StandardCharsets.ISO_8859_1);

        await().atMost(LIVE).until(() -> hub.error("greet.camel.yaml") != null);

        assertThat(hub.error("greet.camel.yaml")).contains("greet.camel.yaml:1: ").contains("UTF-8");
        assertThat(jmx("LastError").toString()).contains("UTF-8");
        assertThat(greet()).isEqualTo("hello");
        assertThat(new RouteInsight(hub.camel(), hub.files()).text("routes/greet.camel.yaml")).get().asString().contains("good day");
    }

    @Test
    void anEmptiedFileIsRefusedAndChangesNothing() {
        hub.write("greet.camel.yaml", "");

        await().atMost(LIVE.multipliedBy(2)).until(() -> hub.error("greet.camel.yaml") != null);

        assertThat(hub.error("greet.camel.yaml")).contains("empty");
        assertThat(greet()).isEqualTo("hello");
    }

    @Test
    void aBadFileAtStartupIsReportedAndTheOthersAreServed(@TempDir Path other) throws IOException {
        Files.createDirectories(other.resolve("routes/connectors"));
        Files.writeString(other.resolve("routes/connectors/bad.camel.yaml"), "- route:\n    id: bad\n    from: [\n");

        try (FaceHub second = new FaceHub(other)) {
            assertThat(second.error("bad.camel.yaml")).contains("bad.camel.yaml:");
            assertThat(second.get("/api/v1/health").statusCode()).isEqualTo(200);
        }
    }

    private CompletableFuture<Void> hammer(String path, AtomicBoolean going, AtomicInteger answers, ConcurrentLinkedQueue<String> failures) {
        return CompletableFuture.runAsync(() -> {
            while (going.get()) {
                int status = hub.get(path).statusCode();
                answers.incrementAndGet();
                if (status != 200) {
                    failures.add(path + " " + status);
                }
            }
        });
    }

    private List<String> routesOf(String file) {
        return hub.files().files().stream().filter(state -> state.file().endsWith(file)).findFirst().map(RouteFileState::routeIds)
                .orElse(List.of());
    }

    private String greet() {
        return ask("direct:greet");
    }

    private String ask(String endpoint) {
        return hub.camel().createProducerTemplate().requestBody(endpoint, "", String.class);
    }

    private static Object jmx(String attribute) throws Exception {
        return ManagementFactory.getPlatformMBeanServer().getAttribute(new ObjectName("dev.serai:type=RouteReload"), attribute);
    }

    private static String greeting(String text) {
        return """
                - route:
                    id: greet
                    from:
                      uri: direct:greet
                      steps:
                        - setBody:
                            constant: {expression: %s}
                """.formatted(text);
    }

    private static String route(String id, String from, String to) {
        return """
                - route:
                    id: %s
                    from:
                      uri: %s
                      steps:
                        - to: {uri: "%s"}
                """.formatted(id, from, to);
    }

    /** The real template with its parameters; its route needs beans that are not here. */
    private static String pullTemplate() {
        try {
            String text = Files.readString(Path.of("routes/pull-connector.camel.yaml"));
            return text.substring(0, text.indexOf("    route:")) + """
                    route:
                      from:
                        uri: direct:pull-{{slug}}
                        steps:
                          - log: {message: "{{slug}}"}
                """;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String connector(String parameter, String value) {
        String url = "url".equals(parameter) ? value : SOURCE;
        return """
                - templatedRoute:
                    routeTemplateRef: pull-connector
                    routeId: pull-items
                    parameters:
                      - {name: slug, value: items}
                      - {name: url, value: "%s"}
                """.formatted(url) + ("url".equals(parameter) ? "" : "      - {name: %s, value: %s}\n".formatted(parameter, value));
    }

    private static String template(String word) {
        return """
                - routeTemplate:
                    id: saying
                    parameters:
                      - {name: name}
                    route:
                      from:
                        uri: "direct:{{name}}"
                        steps:
                          - setBody:
                              constant: {expression: "%s {{name}}"}
                """.formatted(word);
    }
}
