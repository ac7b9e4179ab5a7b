package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class CredentialManagementTest {

    private static final String[] ADMIN = {"Authorization", TestHub.BEARER};
    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.onTrial();
    }

    /** All tests come from one address. */
    @BeforeEach
    void forgetGuesses() {
        hub.sql().sql("DELETE FROM login_attempt").update();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void aTokenIsShownOnceWorksAndIsRefusedAtOnceWhenRevoked() {
        TestHub.Answer made = hub.post("/v1/access/tokens", "{\"name\": \"till\", \"role\": \"terminal\", \"terminal_id\": \"POS-001\"}",
                ADMIN);
        assertThat(made.status()).isEqualTo(201);
        JsonNode data = made.json().get("data");
        assertThat(data.fieldNames()).toIterable().containsExactlyInAnyOrder("token_id", "token");
        String[] token = {"Authorization", "Bearer " + data.get("token").asText()};
        assertThat(hub.get("/api/pos/sync/status", token).status()).isEqualTo(200);

        assertThat(hub.send("DELETE", "/v1/access/tokens/" + data.get("token_id").asText(), null, ADMIN).status()).isEqualTo(204);

        TestHub.Answer refused = hub.get("/api/pos/sync/status", token);
        FaceShape.assertDetail(refused, 401);
        assertThat(refused.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"serai\", error=\"invalid_token\"");
        FaceShape.assertCoded(hub.send("DELETE", "/v1/access/tokens/" + data.get("token_id").asText(), null, ADMIN), 404);
    }

    @Test
    void anApiKeyIsShownOnceWorksAndIsRefusedAtOnceWhenRevoked() {
        JsonNode data = hub.post("/v1/access/api-keys", "{\"name\": \"shop\", \"rate_limit_per_minute\": 5}", ADMIN).json().get("data");
        assertThat(data.fieldNames()).toIterable().containsExactlyInAnyOrder("key_id", "api_key");
        String[] key = {"X-API-Key", data.get("api_key").asText()};
        assertThat(hub.get("/api/products", key).status()).isEqualTo(200);

        assertThat(hub.send("DELETE", "/v1/access/api-keys/" + data.get("key_id").asText(), null, ADMIN).status()).isEqualTo(204);

        TestHub.Answer refused = hub.get("/api/products", key);
        FaceShape.assertCoded(refused, 401);
        assertThat(refused.header("WWW-Authenticate")).startsWith("ApiKey");
        FaceShape.assertCoded(hub.send("DELETE", "/v1/access/api-keys/" + data.get("key_id").asText(), null, ADMIN), 404);
    }

    @Test
    void aTokenIsRefusedFromTheMomentItExpires() {
        String[] token = {"Authorization", hub.token("\"role\": \"viewer\", \"expires_in_days\": 2")};
        hub.clock().advance(Duration.ofDays(2).minusSeconds(1));
        assertThat(hub.get("/v1/sync/jobs/1", token).status()).isEqualTo(200);
        hub.clock().advance(Duration.ofSeconds(1));
        assertThat(hub.get("/v1/sync/jobs/1", token).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]", "7", "\"text\"",
        "{\"role\": \"viewer\"}",
        "{\"name\": \"\", \"role\": \"viewer\"}", "{\"name\": \"  \", \"role\": \"viewer\"}", "{\"name\": 7, \"role\": \"viewer\"}",
        "{\"name\": null, \"role\": \"viewer\"}", "{\"name\": \"a\\u0000b\", \"role\": \"viewer\"}",
        "{\"name\": \"t\"}", "{\"name\": \"t\", \"role\": \"king\"}", "{\"name\": \"t\", \"role\": \"api_client\"}",
        "{\"name\": \"t\", \"role\": 1}",
        "{\"name\": \"t\", \"role\": \"SUPER_ADMIN\"}",
        "{\"name\": \"t\", \"role\": \"store\"}", "{\"name\": \"t\", \"role\": \"store\", \"store_id\": \"\"}",
        "{\"name\": \"t\", \"role\": \"store\", \"store_id\": 5}", "{\"name\": \"t\", \"role\": \"store\", \"store_id\": null}",
        "{\"name\": \"t\", \"role\": \"store\", \"device_id\": \"d\"}",
        "{\"name\": \"t\", \"role\": \"store\", \"store_id\": \"s\", \"device_id\": \"d\"}",
        "{\"name\": \"t\", \"role\": \"terminal\"}", "{\"name\": \"t\", \"role\": \"device\"}",
        "{\"name\": \"t\", \"role\": \"super_admin\", \"store_id\": \"s\"}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"store_id\": \"s\", \"device_id\": \"d\"}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"expires_in_days\": 0}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"expires_in_days\": -1}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"expires_in_days\": 1.5}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"expires_in_days\": \"7\"}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"expires_in_days\": 99999999999999}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"expires_in_days\": true}",
        "{\"name\": \"t\", \"role\": \"viewer\", \"expires_in_dais\": 7}"})
    void aTokenThatMakesNoSenseIsRefused(String body) {
        FaceShape.assertCoded(hub.post("/v1/access/tokens", body, ADMIN), 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]", "{\"name\": \"\"}", "{\"name\": [\"k\"]}", "{\"name\": \"k\", \"rate_limit_per_minute\": 0}",
        "{\"name\": \"k\", \"rate_limit_per_minute\": \"5\"}", "{\"name\": \"k\", \"rate_limit_per_minute\": 5.5}",
        "{\"name\": \"k\", \"rate_limit_per_minute\": 3000000000}", "{\"name\": \"k\", \"limit\": 5}"})
    void anApiKeyThatMakesNoSenseIsRefused(String body) {
        FaceShape.assertCoded(hub.post("/v1/access/api-keys", body, ADMIN), 422);
    }

    @Test
    void aNameThatIsTooLongIsRefusedAndEveryProblemIsNamed() {
        TestHub.Answer answer = hub.post("/v1/access/tokens", "{\"name\": \"" + "x".repeat(201) + "\", \"role\": \"store\"}", ADMIN);
        FaceShape.assertCoded(answer, 422);
        assertThat(answer.json().at("/error/details").findValuesAsText("type")).containsExactly("string_too_long", "missing");
        assertThat(hub.post("/v1/access/tokens", "{\"name\": \"" + "x".repeat(200) + "\", \"role\": \"viewer\"}", ADMIN).status())
                .isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "{\"name\": }", "nope"})
    void aBodyThatIsNoJsonIsRefused(String body) {
        FaceShape.assertCoded(hub.post("/v1/access/tokens", body, ADMIN), 400);
    }

    @Test
    void anotherMediaTypeIsRefused() {
        FaceShape.assertCoded(hub.post("/v1/access/tokens", "name=t", "Authorization", TestHub.BEARER, "Content-Type", "text/plain"), 415);
    }

    @Test
    void listsArePagedBoundedAndWithoutSecrets() {
        String token = hub.token("\"role\": \"store\", \"store_id\": \"s\"").substring("Bearer ".length());
        for (int i = 0; i < 3; i++) {
            hub.post("/v1/access/api-keys", "{\"name\": \"k\"}", ADMIN);
            createUser("listed" + i, "correct horse", "\"role\": \"viewer\"");
        }
        for (String list : List.of("/v1/access/tokens", "/v1/access/api-keys", "/v1/access/users")) {
            TestHub.Answer page = hub.get(list + "?page=1&page_size=1", ADMIN);
            assertThat(page.json().get("data")).hasSize(1);
            assertThat(page.json().get("total").asInt()).isPositive();
            assertThat(page.json().get("page_size").asInt()).isEqualTo(1);
            assertThat(page.body()).doesNotContain(token, "srt_", "srk_", "hash");
            for (String bad : List.of("page_size=0", "page_size=101", "page_size=x", "page=0", "page=-1", "page=99999999999", "page=")) {
                FaceShape.assertCoded(hub.get(list + "?" + bad, ADMIN), 422);
            }
            assertThat(hub.get(list + "?page=1000000", ADMIN).json().get("data")).isEmpty();
        }
    }

    @Test
    void noSecretIsInTheDatabaseALogAMetricOrAText(CapturedOutput output) {
        JsonNode data = hub.post("/v1/access/tokens", "{\"name\": \"t\", \"role\": \"viewer\"}", "Authorization", TestHub.BEARER,
                "Idempotency-Key", "secret-key-1")
                .json().get("data");
        String secret = data.get("token").asText();
        hub.get("/v1/sync/jobs/1", "Authorization", "Bearer " + secret);
        hub.get("/v1/sync/jobs/1", "Authorization", "Bearer " + secret + "x");

        for (String table : List.of("access_token", "access_api_key", "access_user", "audit_entry", "idempotency_answer")) {
            String rows = String.join("\n", hub.sql().sql("SELECT t::text FROM " + table + " t")
                    .query(String.class).list());
            assertThat(rows).as(table).doesNotContain(secret, "secret-key-1", "demo-token",
                    HexFormat.of().formatHex(secret.getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(hub.get("/actuator/prometheus", ADMIN).body()).doesNotContain(secret);
        assertThat(output.getAll()).doesNotContain(secret);
        assertThat(new Issued("id", secret).toString()).doesNotContain(secret);
        assertThat(new AccessSettings.Admin("root", secret).toString()).doesNotContain(secret);
        assertThat(new AccessSettings(new AccessSettings.Db("jdbc:" + secret), false, new AccessSettings.Admin("", secret),
                new AccessSettings.Open("auto")).toString())
                .doesNotContain(secret);
    }

    @Test
    void whoLogsInGetsATokenOfTheirRoleThatEnds() {
        createUser("dora", "open sesame", "\"role\": \"device\", \"device_id\": \"dev1\"");
        Credentials credentials = hub.context.getBean(Credentials.class);

        assertThat(credentials.login("dora", "wrong", Duration.ofHours(1))).isEmpty();
        String secret = credentials.login("dora", "open sesame", Duration.ofHours(1)).orElseThrow().secret();

        Caller caller = credentials.byToken(secret).orElseThrow();
        assertThat(caller.role()).isEqualTo(Role.DEVICE);
        assertThat(caller.scope()).isEqualTo(Scope.device("dev1"));
        hub.clock().advance(Duration.ofHours(1));
        assertThat(credentials.byToken(secret)).isEmpty();
    }

    @Test
    void aUserGetsInByPasswordAndIsOutAtOnceWhenRemoved() {
        TestHub.Answer made = createUser("ada", "correct horse", "\"role\": \"viewer\"");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.body()).isEqualTo("{\"data\":{\"username\":\"ada\"}}");
        String[] password = {"Authorization", basic("ada", "correct horse")};
        String[] login = {"Authorization", "Bearer " + loggedIn("ada", "correct horse")};
        assertThat(hub.get("/v1/sync/jobs/1", password).status()).isEqualTo(200);
        assertThat(hub.get("/v1/sync/jobs/1", login).status()).isEqualTo(200);
        FaceShape.assertCoded(hub.post("/v1/access/users", userBody("eve", "correct horse", "\"role\": \"super_admin\""), password), 403);

        FaceShape.assertCoded(createUser("ada", "another horse", "\"role\": \"super_admin\""), 409);
        FaceShape.assertCoded(createUser("demo", "another horse", "\"role\": \"viewer\""), 409);
        TestHub.Answer list = hub.get("/v1/access/users?page_size=100", ADMIN);
        assertThat(list.json().get("data").findValuesAsText("username")).contains("ada");
        assertThat(list.body()).doesNotContain("correct horse", "hash", "bcrypt");

        assertThat(hub.send("DELETE", "/v1/access/users/ada", null, ADMIN).status()).isEqualTo(204);

        assertThat(hub.get("/v1/sync/jobs/1", password).status()).isEqualTo(401);
        assertThat(hub.get("/v1/sync/jobs/1", login).status()).isEqualTo(401);
        FaceShape.assertCoded(hub.send("DELETE", "/v1/access/users/ada", null, ADMIN), 404);
        createUser("ada", "a new person", "\"role\": \"super_admin\"");
        assertThat(hub.get("/v1/sync/jobs/1", login).status()).isEqualTo(401);
    }

    @Test
    void aNewPasswordEndsWhatTheOldOneOpened() {
        createUser("bea", "old password", "\"role\": \"viewer\"");
        String[] login = {"Authorization", "Bearer " + loggedIn("bea", "old password")};
        for (int guess = 0; guess < 6; guess++) {
            hub.get("/v1/sync/jobs/1", "Authorization", basic("bea", "forgotten"));
        }

        assertThat(hub.send("PUT", "/v1/access/users/bea/password", "{\"password\": \"new password\"}", ADMIN).status()).isEqualTo(204);

        assertThat(hub.get("/v1/sync/jobs/1", login).status()).isEqualTo(401);
        assertThat(hub.get("/v1/sync/jobs/1", "Authorization", basic("bea", "old password")).status()).isEqualTo(401);
        assertThat(hub.get("/v1/sync/jobs/1", "Authorization", "Bearer " + loggedIn("bea", "new password")).status()).isEqualTo(200);
        FaceShape.assertCoded(hub.send("PUT", "/v1/access/users/bea/password", "{\"password\": \"short\"}", ADMIN), 422);
        FaceShape.assertCoded(hub.send("PUT", "/v1/access/users/nobody/password", "{\"password\": \"new password\"}", ADMIN), 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "[]",
        "{\"username\": \"u\", \"role\": \"viewer\"}",
        "{\"username\": \"u\", \"password\": \"seven77\", \"role\": \"viewer\"}",
        "{\"username\": \"u\", \"password\": 12345678, \"role\": \"viewer\"}",
        "{\"username\": \"u\", \"password\": \"12345678\\u0000\", \"role\": \"viewer\"}",
        "{\"username\": \"u\", \"password\": \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaé\", \"role\": \"viewer\"}",
        "{\"username\": \"CORP\\\\ada\", \"password\": \"12345678\", \"role\": \"viewer\"}",
        "{\"username\": \"..\", \"password\": \"12345678\", \"role\": \"viewer\"}",
        "{\"username\": \"a\\ud800\", \"password\": \"12345678\", \"role\": \"viewer\"}",
        "{\"username\": \"a:b\", \"password\": \"12345678\", \"role\": \"viewer\"}",
        "{\"username\": \"\", \"password\": \"12345678\", \"role\": \"viewer\"}",
        "{\"username\": \"u\", \"password\": \"12345678\"}",
        "{\"username\": \"u\", \"password\": \"12345678\", \"role\": \"device\"}",
        "{\"username\": \"u\", \"password\": \"12345678\", \"role\": \"viewer\", \"name\": \"U\"}"})
    void aUserThatMakesNoSenseIsRefused(String body) {
        FaceShape.assertCoded(hub.post("/v1/access/users", body, ADMIN), 422);
    }

    @Test
    void theLastSuperAdminStaysWhoeverRemovesWhom() throws Exception {
        hub.sql().sql("DELETE FROM access_user").update();
        Users users = hub.context.getBean(Users.class);
        for (int round = 0; round < 10; round++) {
            createUser("one", "correct horse", "\"role\": \"super_admin\"");
            createUser("two", "correct horse", "\"role\": \"super_admin\"");

            CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> users.remove("one"));
            boolean removed = users.remove("two");

            assertThat(other.get(10, TimeUnit.SECONDS)).isNotEqualTo(removed);
        }
        FaceShape.assertCoded(hub.send("DELETE", "/v1/access/users/" + (users.exists("one") ? "one" : "two"), null, ADMIN), 409);
    }

    @Test
    void whoGuessesPasswordsInBasicWaitsAsWhoLogsInDoes() {
        createUser("cleo", "correct horse", "\"role\": \"viewer\"");
        for (int guess = 0; guess < 5; guess++) {
            assertThat(hub.get("/v1/sync/jobs/1", "Authorization", basic("cleo", "guess " + guess)).status()).isEqualTo(401);
        }

        TestHub.Answer refused = hub.get("/v1/sync/jobs/1", "Authorization", basic("cleo", "correct horse"));
        FaceShape.assertCoded(refused, 429);
        assertThat(refused.header("Retry-After")).isEqualTo("1");
        FaceShape.assertDetail(hub.get("/api/v1/sync/history", "Authorization", basic("cleo", "correct horse")), 429);

        hub.clock().advance(Duration.ofSeconds(1));
        assertThat(hub.get("/v1/sync/jobs/1", "Authorization", basic("cleo", "correct horse")).status()).isEqualTo(200);
        assertThat(hub.get("/v1/sync/jobs/1", "Authorization", basic("cleo", "a slip")).status()).isEqualTo(401);
        assertThat(hub.get("/v1/sync/jobs/1", "Authorization", basic("cleo", "correct horse")).status()).isEqualTo(200);
    }

    @Test
    void manyGuessesAtOnceAreNoMoreThanOneAfterTheOther() {
        createUser("gil", "correct horse", "\"role\": \"viewer\"");
        for (int guess = 0; guess < 5; guess++) {
            hub.get("/v1/sync/jobs/1", "Authorization", basic("gil", "guess " + guess));
        }
        hub.clock().advance(Duration.ofSeconds(1));

        List<Integer> answers = IntStream.range(0, 20).parallel()
                .mapToObj(guess -> hub.get("/v1/sync/jobs/1", "Authorization", basic("gil", "another " + guess)).status()).toList();

        assertThat(answers).filteredOn(status -> status == 401).hasSize(1);
        assertThat(answers).filteredOn(status -> status == 429).hasSize(19);
        assertThat(hub.post("/v1/access/users", "{}", "Authorization", basic("gil", "guess")).status()).isEqualTo(429);
        assertThat(hub.sql().sql("SELECT count(*) FROM audit_entry WHERE result = '429'").query(Long.class).single())
                .as("nobody fills the trail with guesses").isZero();
    }

    @Test
    void behindAProxyEachGuesserWaitsForItself() {
        try (TestHub behind = TestHub.onTrial("--server.forward-headers-strategy=native")) {
            for (int guess = 0; guess < 20; guess++) {
                behind.get("/v1/sync/jobs/1", "Authorization", basic("user" + guess, "guess"), "X-Forwarded-For", "192.0.2.1");
            }

            assertThat(demo(behind, "192.0.2.1")).isEqualTo(429);
            assertThat(demo(behind, "192.0.2.2")).isEqualTo(200);
        }
    }

    private static int demo(TestHub behind, String address) {
        return behind.get("/v1/sync/jobs/1", "Authorization", basic("demo", "demo"), "X-Forwarded-For", address).status();
    }

    private static TestHub.Answer createUser(String name, String password, String grant) {
        return hub.post("/v1/access/users", userBody(name, password, grant), ADMIN);
    }

    private static String userBody(String name, String password, String grant) {
        return "{\"username\": \"" + name + "\", \"password\": \"" + password + "\", " + grant + "}";
    }

    private static String basic(String name, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((name + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private static String loggedIn(String name, String password) {
        return hub.context.getBean(Credentials.class).login(name, password, Duration.ofHours(1)).orElseThrow().secret();
    }
}
