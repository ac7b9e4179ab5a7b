package dev.serai.contract;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.serai.web.ApiException;
import dev.serai.web.HalfCharacters;
import dev.serai.web.Problem;
import dev.serai.web.UnreadableJson;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** One operation of a contract, compiled: reads a request into typed values or refuses it. Safe for many threads. */
public final class Operation {

    private static final int DEFAULT_BODY_LIMIT = 10 * 1024 * 1024;

    private final String id;
    private final String method;
    private final String path;
    private final String[] template;
    private final List<Parameter> parameters = new ArrayList<>();
    private final ObjectReader json;
    private final boolean takesBody;
    private final boolean bodyRequired;
    private final boolean keepsBytes;
    private final BodySchema schema;
    private final boolean closedQuery;
    private final int bodyLimit;
    private final int unreadableStatus;
    private final int invalidStatus;

    Operation(String method, String path, JsonNode operation, List<JsonNode> declared, JsonNode contract, ObjectReader json) {
        this.id = operation.path("operationId").asText();
        this.method = method.toUpperCase(Locale.ROOT);
        this.path = path;
        this.json = json;
        this.template = path.split("/", -1);
        declared.forEach(parameter -> parameters.add(new Parameter(parameter)));
        JsonNode body = operation.path("requestBody");
        JsonNode bodySchema = body.path("content").path("application/json").path("schema");
        this.takesBody = !bodySchema.isMissingNode();
        this.bodyRequired = body.path("required").asBoolean();
        this.keepsBytes = operation.path("x-serai-raw-body").asBoolean();
        this.schema = takesBody && !keepsBytes ? new BodySchema(bodySchema, contract) : null;
        this.closedQuery = operation.path("x-serai-closed-query").asBoolean();
        this.bodyLimit = operation.path("x-serai-max-body").asInt(DEFAULT_BODY_LIMIT);
        this.unreadableStatus = operation.path("x-serai-unreadable-status").asInt(400);
        this.invalidStatus = operation.path("x-serai-invalid-status").asInt(422);
    }

    public String id() {
        return id;
    }

    /** The HTTP method, in capitals. */
    public String method() {
        return method;
    }

    /** The path, with its placeholders: {@code /records/{entity}/{key}}. */
    public String path() {
        return path;
    }

    /**
     * Reads a request.
     *
     * @throws ApiException where it breaks the contract, with every violation found
     */
    public ApiRequest read(RawRequest raw) throws IOException {
        byte[] bytes = takesBody ? bytes(raw) : null;
        JsonNode body = bytes != null && !keepsBytes ? parse(bytes) : null;
        List<Problem> violations = new ArrayList<>(2);
        Map<String, Object> values = new HashMap<>();
        Map<String, String> headers = new HashMap<>();
        if (!parameters.isEmpty()) {
            Map<String, String> query = query(raw.query());
            String[] segments = raw.path().split("/", -1);
            for (Parameter parameter : parameters) {
                Object value = parameter.read(text(parameter, raw, query, segments), violations);
                if ("header".equals(parameter.in())) {
                    headers.put(parameter.name(), value == null ? null : value.toString());
                } else if (value != null) {
                    values.put(parameter.name(), value);
                }
            }
        }
        if (closedQuery) {
            violations.addAll(unknown(query(raw.query()).keySet()));
        }
        if (body != null) {
            violations.addAll(schema.check(body));
        }
        if (!violations.isEmpty()) {
            throw refusal(invalidStatus, violations.get(0).text(), violations);
        }
        return new ApiRequest(
                id, raw.method(), raw.path(), raw.origin(), values, body, keepsBytes ? bytes : null, headers, raw.address(),
                raw.principal());
    }

    /** A selection that is written where it is not looked for must not become everything. */
    private List<Problem> unknown(Set<String> names) {
        return names.stream()
                .filter(name -> parameters.stream().noneMatch(parameter -> parameter.in().equals("query") && parameter.name().equals(name)))
                .map(name -> Problem.query(name, "there is no such parameter", "value_error.extra"))
                .toList();
    }

    /** What breaks the contract in a body that did not come as a request of this operation; empty where it is good. */
    public List<Problem> check(JsonNode body) {
        return schema.check(body);
    }

    private String text(Parameter parameter, RawRequest raw, Map<String, String> query, String[] segments) {
        return switch (parameter.in()) {
            case "path" -> segment(parameter.name(), segments);
            case "header" -> raw.header().apply(parameter.name());
            default -> query.get(parameter.name());
        };
    }

    private String segment(String name, String[] segments) {
        // Split before decoding: a key that holds an escaped slash is one segment.
        String placeholder = "{" + name + "}";
        for (int i = 0; i < template.length && i < segments.length; i++) {
            if (template[i].equals(placeholder)) {
                return decode(segments[i].replace("+", "%2B"));
            }
        }
        return null;
    }

    private Map<String, String> query(String query) {
        Map<String, String> values = new HashMap<>();
        if (query == null || query.isEmpty()) {
            return values;
        }
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
            }
        }
        return values;
    }

    private String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw refusal(400, "The address holds a broken percent escape", List.of());
        }
    }

    /** The body's bytes; null where there are none and none are needed. */
    private byte[] bytes(RawRequest raw) throws IOException {
        byte[] bytes = bounded(raw.body());
        if (!isJson(raw.contentType()) && (bodyRequired || bytes.length > 0)) {
            throw refusal(415, "The request body must be application/json", List.of());
        }
        if (bytes.length == 0) {
            if (bodyRequired) {
                throw refusal(invalidStatus, "The request has no body; send a JSON object",
                        List.of(new Problem(List.of("body"), "field required", "value_error.missing")));
            }
            return null;
        }
        return bytes;
    }

    private JsonNode parse(byte[] bytes) throws IOException {
        try {
            JsonNode node = json.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw refusal(unreadableStatus, "The request body must be a JSON object", List.of());
            }
            HalfCharacters.refuse(bytes, node, unreadableStatus);
            return node;
        } catch (JacksonException e) {
            throw refusal(unreadableStatus, "The request body " + UnreadableJson.reason(e, UnreadableJson.DEEPEST), List.of());
        }
    }

    private byte[] bounded(InputStream body) throws IOException {
        byte[] bytes = body == null ? new byte[0] : body.readNBytes(bodyLimit + 1);
        if (bytes.length > bodyLimit) {
            throw refusal(413, "The request body is larger than " + bodyLimit + " bytes", List.of());
        }
        return bytes;
    }

    private static ApiException refusal(int status, String message, List<Problem> problems) {
        ApiException plain = ApiException.of(status, message);
        return problems.isEmpty() ? plain : new ApiException(status, plain.code(), message, problems);
    }

    private static boolean isJson(String contentType) {
        if (contentType == null) {
            return true;
        }
        String type = contentType.toLowerCase(Locale.ROOT);
        return type.startsWith("application/json") || type.startsWith("application/") && type.contains("+json");
    }
}
