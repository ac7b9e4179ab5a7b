package dev.serai.contract;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.web.UnreadableJson;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A face's OpenAPI contract, compiled: every schema is resolved when the contract is loaded, none while it serves. */
public final class Contract {

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
    private static final ObjectMapper JSON = mapper();

    private final String face;
    private final JsonNode document;
    private final Map<String, Operation> operations = new LinkedHashMap<>();

    private Contract(String face, JsonNode document) {
        this.face = face;
        this.document = document;
        document.path("paths").fields().forEachRemaining(path -> path.getValue().fields().forEachRemaining(method -> {
            if (METHODS.contains(method.getKey())) {
                add(method.getKey(), path.getKey(), path.getValue(), method.getValue());
            }
        }));
    }

    /**
     * Compiles a contract.
     *
     * @param face its name: the file's name without {@code .openapi.json}
     * @param text OpenAPI 3.0 as JSON
     * @throws JsonProcessingException  where the text is no JSON; it names the line
     * @throws IllegalArgumentException where it is no contract, or an operation has no id, or two have the same
     */
    public static Contract compile(String face, String text) throws JsonProcessingException {
        JsonNode document = JSON.readTree(text);
        if (!document.path("openapi").asText().startsWith("3.") || document.path("paths").isEmpty()) {
            throw new IllegalArgumentException("is not an OpenAPI 3 contract: it needs \"openapi\": \"3.0.3\" and \"paths\"");
        }
        return new Contract(face, document);
    }

    public String face() {
        return face;
    }

    public JsonNode document() {
        return document;
    }

    public Collection<Operation> operations() {
        return operations.values();
    }

    /** The operation of that id, or null. */
    public Operation operation(String id) {
        return operations.get(id);
    }

    private void add(String method, String path, JsonNode pathItem, JsonNode node) {
        List<JsonNode> declared = new ArrayList<>();
        pathItem.path("parameters").forEach(parameter -> declared.add(resolved(parameter)));
        node.path("parameters").forEach(parameter -> declared.add(resolved(parameter)));
        String id = node.path("operationId").asText();
        if (id.isEmpty()) {
            throw new IllegalArgumentException("has an operation without an operationId at " + path);
        }
        Operation operation = new Operation(method, path, node, declared, document, JSON.reader());
        if (operations.put(id, operation) != null) {
            throw new IllegalArgumentException("has two operations with the operationId " + id);
        }
    }

    private JsonNode resolved(JsonNode node) {
        if (!node.has("$ref")) {
            return node;
        }
        JsonNode target = document.at(node.get("$ref").asText().substring(1));
        if (target.isMissingNode()) {
            throw new IllegalArgumentException("refers to " + node.get("$ref").asText() + ", which it does not have");
        }
        return target;
    }

    private static ObjectMapper mapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                // A price of 12.50 stays as it was written.
                .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
                .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
        mapper.getFactory().setStreamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(UnreadableJson.DEEPEST).build());
        return mapper;
    }
}
