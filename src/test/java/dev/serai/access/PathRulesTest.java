package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every role on every family of paths, on a hub that others can reach, and the differences of one on trial. */
class PathRulesTest {

    private static final List<String> CALLERS =
            List.of("nobody", "super_admin", "store", "terminal", "device", "viewer", "store_viewer", "api_key", "wrong");

    private static final String SCRAPE_TOKEN = "what-prometheus-presents";

    private static TestHub production;
    private static Map<String, String[]> credentials;

    @BeforeAll
    static void start() {
        production = TestHub.inProduction("--serai.metrics.token=" + SCRAPE_TOKEN);
        credentials = new LinkedHashMap<>();
        credentials.put("nobody", new String[0]);
        credentials.put("super_admin", bearer("\"role\": \"super_admin\""));
        credentials.put("store", bearer("\"role\": \"store\", \"store_id\": \"store_456\""));
        credentials.put("terminal", bearer("\"role\": \"terminal\", \"terminal_id\": \"POS-001\""));
        credentials.put("device", bearer("\"role\": \"device\", \"device_id\": \"dev123\""));
        credentials.put("viewer", bearer("\"role\": \"viewer\""));
        credentials.put("store_viewer", bearer("\"role\": \"viewer\", \"store_id\": \"store_456\""));
        String key = production.post("/v1/access/api-keys", "{\"name\": \"shop\"}", "Authorization", production.adminAuthorization())
                .json().at("/data/api_key").asText();
        credentials.put("api_key", new String[] {"X-API-Key", key});
        credentials.put("wrong", new String[] {"Authorization", "Bearer wrong", "X-API-Key", "wrong"});
    }

    @AfterAll
    static void stop() {
        production.close();
    }

    @Test
    void eachRoleReadsWhatItsRuleSays() {
        //                                         nobody admin store termi devic viewe s_vie key   wrong
        assertMatrix("GET", Map.ofEntries(
                line("/api/v1/sync/history",       "401   200   403   403   403   200   200   401   401"),
                line("/",                          "401   200   403   403   403   200   200   401   401"),
                line("/api/v1/health",             "200   200   200   200   200   200   200   200   200"),
                line("/api/ping",                  "200   200   200   200   200   200   200   200   200"),
                line("/health",                    "200   200   200   200   200   200   200   200   200"),
                line("/actuator/health",           "200   200   200   200   200   200   200   200   200"),
                line("/sync/pull",                 "401   200   403   403   200   200   200   401   401"),
                line("/api/pos/sync/status",       "401   200   403   200   403   200   200   401   401"),
                line("/api/pms/products",          "401   401   401   401   401   401   401   200   401"),
                line("/api/products",              "401   401   401   401   401   401   401   200   401"),
                line("/api/products/7",            "401   401   401   401   401   401   401   200   401"),
                line("/api/inventory/alerts",      "401   401   401   401   401   401   401   200   401"),
                line("/api/analytics/sales",       "401   401   401   401   401   401   401   200   401"),
                line("/v1/stores/store_456/sync/status", "401 200 200 403  403   200   200   401   401"),
                line("/v1/stores/other/sync/status", "401 200   404   403   403   200   404   401   401"),
                line("/v1/sync/jobs/1",            "401   200   200   403   403   200   200   401   401"),
                line("/v1/access/tokens",          "401   200   403   403   403   403   403   401   401"),
                line("/actuator/prometheus",       "401   200   403   403   403   403   403   401   401"),
                line("/actuator/hawtio",           "401   200   403   403   403   403   403   401   401"),
                line("/actuator/jolokia",          "401   200   403   403   403   403   403   401   401"),
                line("/nowhere",                   "404   404   404   404   404   404   404   404   404"),
                line("/api/nowhere",               "404   404   404   404   404   404   404   404   404"),
                line("/error",                     "404   404   404   404   404   404   404   404   404")));
    }

    @Test
    void prometheusReadsTheMetricsAndNothingElse() {
        String[] token = {"Authorization", "Bearer " + SCRAPE_TOKEN};

        assertThat(production.get("/actuator/prometheus", token).status()).isEqualTo(200);
        // The rule lets it through, to a face that is not in this hub.
        assertThat(production.get("/api/v1/monitoring/metrics/prometheus", token).status()).isEqualTo(404);
        assertThat(production.get("/api/v1/monitoring/metrics/prometheus").status()).isEqualTo(401);
        assertThat(production.get("/actuator/metrics", token).status()).isEqualTo(403);
        assertThat(production.get("/api/v1/monitoring/stats", token).status()).isEqualTo(403);
        assertThat(production.post("/api/v1/sync/start", "{}", token).status()).isEqualTo(403);
        assertThat(production.get("/v1/access/tokens", token).status()).isEqualTo(403);
    }

    @Test
    void eachRoleWritesWhatItsRuleSays() {
        //                                         nobody admin store termi devic viewe s_vie key   wrong
        assertMatrix("POST", Map.ofEntries(
                line("/api/v1/sync/start",         "401   200   403   403   403   403   403   401   401"),
                line("/api/login",                 "200   200   200   200   200   200   200   200   200"),
                line("/v1/webhooks/store_456/orders", "200 200  200   200   200   200   200   200   200"),
                line("/sync/push",                 "401   200   403   403   200   403   403   401   401"),
                line("/sync/ack",                  "401   200   403   403   200   403   403   401   401"),
                line("/api/pos/sync",              "401   200   403   200   403   403   403   401   401"),
                line("/api/pms/orders",            "401   401   401   401   401   401   401   200   401"),
                line("/api/inventory/adjust",      "401   401   401   401   401   401   401   200   401"),
                line("/v1/stores/store_456/sync/trigger", "401 200 200 403 403   403   403   401   401"),
                line("/v1/stores/other/sync/trigger", "401 200  404   403   403   403   403   401   401"),
                line("/v1/sync/conflicts/1/resolve", "401 200   200   403   403   403   403   401   401"),
                line("/v1/access/tokens",          "401   422   403   403   403   403   403   401   401")));
    }

    @Test
    void aHubOnTrialIsOpenWhereItsDocumentsSayAndNowhereElse() {
        try (TestHub trial = TestHub.onTrial()) {
            for (String path : List.of("/", "/api/v1/sync/history", "/sync/pull")) {
                assertThat(trial.get(path).status()).as(path).isEqualTo(200);
                assertThat(trial.get(path, "Authorization", "Bearer wrong").status()).as(path).isEqualTo(401);
            }
            assertThat(trial.post("/api/v1/sync/start", "{}").status()).isEqualTo(200);
            assertThat(trial.post("/sync/push", "{}").status()).isEqualTo(200);
            for (String path : List.of(
                "/api/pos/sync/status", "/api/products", "/v1/sync/jobs/1", "/actuator/prometheus", "/v1/access/tokens")) {
                assertThat(trial.get(path).status()).as(path).isEqualTo(401);
            }
        }
    }

    @Test
    void theSwitchClosesAHubOnTrialAndOpensAnother() {
        try (TestHub closed = TestHub.onTrial("--serai.access.open=false")) {
            assertThat(closed.get("/sync/pull").status()).isEqualTo(401);
            assertThat(closed.get("/api/ping").status()).isEqualTo(200);
            assertThat(closed.get("/sync/pull", "Authorization", TestHub.BEARER).status()).isEqualTo(200);
        }
        try (TestHub opened = TestHub.inProduction("--serai.access.open=true")) {
            assertThat(opened.get("/sync/pull").status()).isEqualTo(200);
            assertThat(opened.get("/v1/sync/jobs/1").status()).isEqualTo(401);
        }
    }

    @Test
    void encodingAPathDoesNotLeadPastItsRule() {
        for (String path : List.of(
                "/%61pi/pms/products", "/v1/%61ccess/tokens", "/v1/stores/%6Fther/sync/status", "/%61ctuator/prometheus")) {
            assertThat(production.get(path).status()).as(path).isEqualTo(401);
        }
        assertThat(production.get("/v1/stores/%6Fther/sync/status", credentials.get("store")).status()).isEqualTo(404);
        for (String path : List.of(
                "/health;/../v1/access/tokens", "/health/..;/v1/access/tokens", "//v1/access/tokens",
                "/health/%2e%2e/v1/access/tokens", "/v1/access/tokens;x=1")) {
            assertThat(production.get(path).status()).as(path).isIn(400, 401, 404);
        }
    }

    @Test
    void whoCallsIsKnownOnTheThreadsThatAnswer() {
        assertThat(production.post("/api/v1/sync/retry-failed", "{}", credentials.get("super_admin")).json().get("caller").asText())
                .startsWith("token:tok_");
        assertThat(production.get("/v1/sync/jobs/1", credentials.get("store")).json().get("caller").asText()).startsWith("token:tok_");
    }

    @Test
    void aUserIsRecognisedByBasic() {
        assertThat(production.get("/v1/access/tokens", "Authorization", "Basic cm9vdDpjb3JyZWN0IGhvcnNl").status()).isEqualTo(200);
        assertThat(production.get("/actuator/prometheus", "Authorization", "Basic cm9vdDpjb3JyZWN0IGhvcnNl").status()).isEqualTo(200);
        for (String bad : List.of("Basic cm9vdDp3cm9uZw==", "Basic !!", "Basic", "Basic bm9ib2R5Og==", "Basic cgA6cA==", "Digest x", "")) {
            assertThat(production.get("/v1/access/tokens", "Authorization", bad).status()).as(bad).isEqualTo(401);
        }
    }

    @Test
    void aPageOfAnotherSiteCannotActWithARememberedPassword() {
        String basic = "Basic cm9vdDpjb3JyZWN0IGhvcnNl";
        assertThat(production.post("/api/v1/sync/start", "{}", "Authorization", basic, "Sec-Fetch-Site", "cross-site").status())
                .isEqualTo(403);
        assertThat(production.get("/actuator/jolokia", "Authorization", basic, "Sec-Fetch-Site", "same-site").status()).isEqualTo(403);
        assertThat(production.post("/api/v1/sync/start", "{}", "Authorization", basic, "Sec-Fetch-Site", "same-origin").status())
                .isEqualTo(200);
        assertThat(production.post("/api/v1/sync/start", "{}", "Authorization", credentials.get("super_admin")[1], "Sec-Fetch-Site",
                "cross-site").status())
                .isEqualTo(200);
    }

    @Test
    void hawtioHasNoLoginOfItsOwnBesideTheHubs() {
        String[] basic = {"Authorization", "Basic cm9vdDpjb3JyZWN0IGhvcnNl"};
        assertThat(production.get("/actuator/hawtio/user", basic).body()).contains("public");
        assertThat(production.get("/actuator/hawtio/jolokia/version", basic).json().at("/value/agent").isTextual()).isTrue();
        String login = "{\"username\": \"root\", \"password\": \"correct horse\"}";
        assertThat(production.post("/actuator/hawtio/auth/login", login, basic).status()).isIn(404, 405);
        assertThat(production.post("/actuator/hawtio/auth/login", login).status()).isEqualTo(401);
    }

    private static void assertMatrix(String method, Map<String, String> expected) {
        Map<String, String> found = new TreeMap<>();
        for (String path : expected.keySet()) {
            List<String> statuses = CALLERS.stream()
                    .map(caller -> production.send(method, path, method.equals("GET") ? null : "{}", credentials.get(caller)))
                    .map(answer -> Integer.toString(answer.status() == 302 ? 200 : answer.status()))
                    .toList();
            found.put(path, String.join(" ", statuses));
        }
        assertThat(found).isEqualTo(new TreeMap<>(expected));
    }

    private static Map.Entry<String, String> line(String path, String statuses) {
        return Map.entry(path, statuses.trim().replaceAll(" +", " "));
    }

    private static String[] bearer(String fields) {
        return new String[] {"Authorization", production.token(fields)};
    }
}
