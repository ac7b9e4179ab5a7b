package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.serai.contract.Contract;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every route file of the project: canonical YAML, the house's rules for routes, and each one loads. */
class RoutesTest {

    private static final Schema CANONICAL = canonicalSchema();
    private static final Pattern CLASS_NAME = Pattern.compile("\\b(?:[a-z]+\\.){2,}[A-Z]\\w+|beanType|#class:");
    private static final Pattern SQL_TEXT = Pattern.compile("(?i)\\b(?:select\\s.+\\sfrom|insert\\s+into|update\\s.+\\sset|delete\\s+from)\\s");
    private static final Set<String> MUTATIONS = Set.of("post", "put", "patch", "delete");

    static Stream<Path> files() throws IOException {
        return Files.walk(Path.of("routes")).filter(path -> path.toString().endsWith(".camel.yaml"));
    }

    static Stream<Path> contracts() throws IOException {
        return Files.walk(Path.of("routes")).filter(path -> path.toString().endsWith(".openapi.json"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyFileIsCanonicalYaml(Path file) throws IOException {
        JsonNode tree = new YAMLMapper().readTree(file.toFile());

        assertThat(CANONICAL.validate(tree)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyRouteIsDescribedAndNamedAfterItsFile(Path file) throws Exception {
        String name = file.getFileName().toString().replace(".camel.yaml", "");
        JsonNode tree = new YAMLMapper().readTree(file.toFile());

        for (JsonNode item : tree) {
            JsonNode body = item.elements().next();
            if (item.has("route") || item.has("routeTemplate") || item.has("rest") || item.has("routeConfiguration")) {
                assertThat(body.path("description").asText()).as("description in %s", file).matches("[A-Z].{10,}");
            }
            if (item.has("route")) {
                String id = body.path("id").asText();
                assertThat(id).matches(Pattern.quote(name) + "(-[a-z0-9-]+)?");
                String from = body.path("from").path("uri").asText();
                if (from.startsWith("direct:") && !file.getParent().endsWith("api")) {
                    assertThat(from).isEqualTo("direct:" + id);
                }
            }
        }
    }

    /** Nobody is to be told of a value that it does not match a regular expression. */
    @ParameterizedTest
    @MethodSource("contracts")
    void everyPatternIsSaidInWords(Path contract) throws IOException {
        List<JsonNode> patterns = new ObjectMapper().readTree(contract.toFile()).findParents("pattern");

        assertThat(patterns).allSatisfy(schema -> assertThat(schema.path("x-pattern-words").asText()).startsWith("must "));
    }

    @ParameterizedTest
    @MethodSource("files")
    void noFileHoldsScriptsSqlOrClassNames(Path file) throws IOException {
        String text = Files.readString(file);

        assertThat(text).doesNotContainPattern("(?m)^\\s*-?\\s*(groovy|spel|ognl|mvel|js|joor|java):");
        assertThat(CLASS_NAME.matcher(text).results().map(found -> found.group())).isEmpty();
        assertThat(SQL_TEXT.matcher(text).results().map(found -> found.group())).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void everyOperationOfAContractHasARouteAndExamples(Path file) throws Exception {
        String face = file.getFileName().toString().replace(".openapi.json", "");
        Contract contract = Contract.compile(face, Files.readString(file));
        List<String> starts = UnitReader.read(face, Files.readString(file.resolveSibling(face + ".camel.yaml"))).stream().map(Unit::from).toList();

        contract.operations().forEach(operation -> assertThat(starts).contains("direct:" + operation.id()));
        assertThat(contract.document().path("servers").toString()).isEqualTo("[{\"url\":\"/\"}]");
        contract.document().path("paths").forEach(path -> path.forEach(operation -> operation.path("responses").fields().forEachRemaining(
                answer -> assertThat(answer.getKey().startsWith("2") && answer.getValue().findPath("example").isMissingNode())
                        .as("no example: %s", operation.path("operationId")).isFalse())));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void everyMutationOfAContractTakesAnIdempotencyKeyAndTellsHowItIsRefused(Path file) throws IOException {
        new ObjectMapper().readTree(Files.readString(file)).path("paths").forEach(path -> path.fields().forEachRemaining(method -> {
            JsonNode operation = method.getValue();
            if (MUTATIONS.contains(method.getKey())) {
                assertThat(operation.path("parameters").findValuesAsText("$ref")).as("%s", operation.path("operationId"))
                        .contains("#/components/parameters/idempotency_key");
                assertThat(operation.path("responses").fieldNames()).toIterable().as("%s", operation.path("operationId"))
                        .contains(operation.has("requestBody") ? new String[] {"409", "413", "415", "422"} : new String[] {"409", "422"});
            }
        }));
    }

    @Test
    void everyRouteOfTheFacesLoads(@TempDir Path home) {
        try (FaceHub hub = new FaceHub(home)) {
            assertThat(hub.files().files()).filteredOn(file -> file.file().contains("/api/") || file.file().contains("errors."))
                    .allSatisfy(file -> assertThat(file.error()).isNull()).isNotEmpty();
            assertThat(hub.files().files().stream().flatMap(file -> file.routeIds().stream()).collect(Collectors.toList()))
                    .contains("syncflow-start-sync").allSatisfy(id -> assertThat(hub.camel().getRoute(id)).isNotNull());
        }
    }

    private static Schema canonicalSchema() {
        try (InputStream schema = RoutesTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4).getSchema(new ObjectMapper().readTree(schema));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
