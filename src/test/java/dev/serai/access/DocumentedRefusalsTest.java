package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the contracts show of a caller without credentials, or with unknown ones, is what such a caller gets, on every operation. */
class DocumentedRefusalsTest {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final String[] NOBODY = {};
    private static final String[] UNKNOWN = {"Authorization", "Bearer wrong", "X-API-Key", "wrong"};

    private static TestHub hub;

    @BeforeAll
    static void start() {
        hub = TestHub.inProduction();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"pms", "pos", "retail", "stores", "syncflow"})
    void everyOperationRefusesAsItsContractShows(String face) throws IOException {
        JsonNode contract = new ObjectMapper().readTree(Path.of("routes/api/" + face + ".openapi.json").toFile());
        contract.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> {
                    JsonNode operation = method.getValue();
                    String[] call = {method.getKey().toUpperCase(Locale.ROOT), path.getKey().replaceAll("\\{[^}]+}", "1")};
                    if (isOpen(operation.path("security"))) {
                        assertThat(answer(call, NOBODY).status()).as(String.join(" ", call)).isNotEqualTo(401);
                    } else {
                        JsonNode examples = refusal(operation, contract).at("/content/application~1json/examples");
                        assertShown(examples.at("/missing/value"), call, NOBODY);
                        assertShown(examples.at("/unknown/value"), call, UNKNOWN);
                    }
                }));
    }

    /** The face itself may still refuse what it cannot verify, as a signature. */
    private static boolean isOpen(JsonNode security) {
        return security.isArray() && (security.isEmpty() || security.size() == 1 && security.get(0).isEmpty());
    }

    private static JsonNode refusal(JsonNode operation, JsonNode contract) {
        JsonNode response = operation.path("responses").path("401");
        return response.has("$ref") ? contract.at(response.path("$ref").textValue().substring(1)) : response;
    }

    private static void assertShown(JsonNode shown, String[] call, String[] credentials) {
        TestHub.Answer answer = answer(call, credentials);
        assertThat(answer.status()).as(String.join(" ", call)).isEqualTo(401);
        assertThat(answer.json()).as(String.join(" ", call)).isEqualTo(shown);
    }

    private static TestHub.Answer answer(String[] call, String[] credentials) {
        return hub.send(call[0], call[1], call[0].equals("GET") ? null : "{}", credentials);
    }
}
