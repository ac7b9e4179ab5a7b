package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller of the SyncFlow face sees, right and wrong, over real HTTP. */
class FaceContractTest {

    private static final String START = "/api/v1/sync/start";
    private static final String GOOD = "\"entity_name\": \"items\", \"connector_api_slug\": \"items\"";

    @TempDir
    static Path home;
    private static FaceHub hub;

    @BeforeAll
    static void start() {
        hub = new FaceHub(home);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @CsvSource({"/,root", "/api/v1/health,health", "/api/v1/metadata,metadata", "/api/v1/sync/status/b1,syncStatus",
        "/api/v1/sync/history,syncHistory", "/api/v1/monitoring/stats,stats", "/api/v1/monitoring/failed-records,failedRecords",
        "/api/v1/monitoring/pending-children,pendingChildren", "/api/v1/ledger,ledger", "/api/v1/records/orders/7,record",
        "/api/v1/records/orders/7/versions,recordVersions"})
    void everyOperationReachesItsMethod(String path, String operation) throws Exception {
        HttpResponse<String> answer = hub.get(path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).get().asString().startsWith("application/json");
        assertThat(json(answer).path("operation").asText()).isEqualTo(operation);
    }

    @Test
    void aStartedSyncIsAcceptedWithItsBodyParsedOnce() throws Exception {
        HttpResponse<String> answer = hub.post(START, "{" + GOOD + ", \"business_key_fields\": [\"a\"], \"page_size\": 10000}");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(json(answer).path("body").path("page_size").asInt()).isEqualTo(10000);
    }

    @Test
    void aPostWithoutABodyIsFineWhereTheBodyIsOptional() {
        assertThat(hub.post("/api/v1/sync/retry-failed", "").statusCode()).isEqualTo(200);
        assertThat(hub.post("/api/v1/sync/stop/b1", "").statusCode()).isEqualTo(200);
    }

    @Test
    void defaultsAndTypesOfParametersAreTheContracts() throws Exception {
        JsonNode history = json(hub.get("/api/v1/sync/history?entity_name=&status=&page=3"));

        assertThat(history.path("page").isInt()).isTrue();
        assertThat(history.path("page").asInt()).isEqualTo(3);
        assertThat(history.path("page_size").asInt()).isEqualTo(50);
        assertThat(history.has("entity_name")).isFalse();
        assertThat(history.has("status")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"a:b,a:b", "a%2Fb,a/b", "a%3Ab:c,a:b:c", "a+b%20c,a+b c", "%C3%A4,ä", "a%25b,a%b"})
    void theKeyOfARecordIsDecodedOnceWhateverItHolds(String path, String key) throws Exception {
        HttpResponse<String> answer = hub.get("/api/v1/records/orders/" + path);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(json(answer).path("key").asText()).isEqualTo(key);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{} | entity_name | value_error.missing",
        "{'connector_api_slug': 'x'} | entity_name | value_error.missing",
        "{'entity_name': 1, 'connector_api_slug': 'x'} | entity_name | type_error.str",
        "{'entity_name': '', 'connector_api_slug': 'x'} | entity_name | value_error.any_str.min_length",
        "{'entity_name': 'x', 'connector_api_slug': 'a/b'} | connector_api_slug | value_error.str.regex",
        "{'entity_name': 'x', 'connector_api_slug': '..'} | connector_api_slug | value_error.str.regex",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'allow_mass_delete': 'yes'} | allow_mass_delete | type_error.bool",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'business_key_fields': 'a'} | business_key_fields | type_error.list",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'business_key_fields': []} | business_key_fields | value_error.list.min_items",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'sync_type': 'half'} | sync_type | type_error.enum",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'page_size': 'many'} | page_size | type_error.integer",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'page_size': 0} | page_size | value_error.number.not_ge",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'page_size': 10001} | page_size | value_error.number.not_le",
        "{'entity_name': 'x', 'connector_api_slug': 'x', 'max_pages': 0} | max_pages | value_error.number.not_ge"})
    void aBadFieldIsNamedWithItsKind(String body, String field, String type) throws Exception {
        HttpResponse<String> answer = hub.post(START, body.replace('\'', '"'));

        assertThat(answer.statusCode()).isEqualTo(422);
        JsonNode first = json(answer).path("detail").path(0);
        assertThat(first.path("loc").toString()).isEqualTo("[\"body\",\"" + field + "\"]");
        assertThat(first.path("type").asText()).isEqualTo(type);
        assertThat(first.path("msg").asText()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({"page=0,page,value_error.number.not_ge", "page=x,page,type_error.integer", "page=,page,type_error.integer",
        "page_size=101,page_size,value_error.number.not_le", "page_size=0,page_size,value_error.number.not_ge",
        "page_size=1.5,page_size,type_error.integer", "status=odd,status,type_error.enum"})
    void aBadQueryParameterIsNamedWithItsKind(String query, String name, String type) throws Exception {
        HttpResponse<String> answer = hub.get("/api/v1/sync/history?" + query);

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).path("detail").path(0).path("loc").toString()).isEqualTo("[\"query\",\"" + name + "\"]");
        assertThat(json(answer).path("detail").path(0).path("type").asText()).isEqualTo(type);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{ | 400", "[] | 400", "12 | 400", "\"text\" | 400", "{} {} | 400", "null | 400"})
    void aBodyThatIsNoJsonObjectIsABadRequest(String body, int status) throws Exception {
        HttpResponse<String> answer = hub.post(START, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("detail").isTextual()).isTrue();
    }

    @Test
    void aMissingBodyIsAMissingField() throws Exception {
        HttpResponse<String> answer = hub.post(START, "");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).path("detail").path(0).path("loc").toString()).isEqualTo("[\"body\"]");
    }

    @Test
    void anotherMediaTypeIsUnsupported() throws Exception {
        HttpResponse<String> answer = hub.post(START, "text/xml", "<a/>");

        assertThat(answer.statusCode()).isEqualTo(415);
        assertThat(json(answer).path("detail").isTextual()).isTrue();
    }

    @Test
    void anotherMethodIsNotAllowedAndAnUnknownPathIsNotFound() throws Exception {
        assertThat(hub.get(START).statusCode()).isEqualTo(405);
        assertThat(json(hub.get(START)).path("detail").isTextual()).isTrue();
        assertThat(hub.get("/api/v1/nowhere").statusCode()).isEqualTo(404);
        assertThat(json(hub.get("/api/v1/nowhere")).path("detail").isTextual()).isTrue();
    }

    @Test
    void whatTheBeanRefusesIsAnsweredAndWhatBreaksIsNotTold() throws Exception {
        HttpResponse<String> unknown = hub.get("/api/v1/sync/status/unknown");
        assertThat(unknown.statusCode()).isEqualTo(404);
        assertThat(unknown.body()).isEqualTo("{\"detail\":\"There is no batch unknown\"}");

        HttpResponse<String> broken = hub.get("/api/v1/sync/status/broken");
        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(broken.body()).doesNotContain("secret").doesNotContain("Exception");
        assertThat(broken.headers().map().keySet()).noneMatch(name -> name.toLowerCase().startsWith("camel"));
    }

    @Test
    void aBeanMayAnswerAStatusOrAMediaTypeOfItsOwn() {
        assertThat(hub.get("/api/v1/monitoring/health/detailed").statusCode()).isEqualTo(503);
        HttpResponse<String> metrics = hub.get("/api/v1/monitoring/metrics/prometheus");
        assertThat(metrics.headers().firstValue("Content-Type")).get().asString().startsWith("text/plain");
        assertThat(metrics.body()).isEqualTo("serai_up 1\n");
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
