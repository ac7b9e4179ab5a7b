package dev.serai.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.PathType;
import dev.serai.web.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The JSON schema of an operation's request body, compiled once, and its errors in the words of the faces. */
final class BodySchema {

    private static final List<String> OPENAPI_ONLY = List.of("nullable", "example", "discriminator", "xml", "externalDocs", Parameter.PATTERN_WORDS);

    private final Schema schema;
    /** What a person is told of a value that does not match, by the pattern. */
    private final Map<String, String> patternWords = new HashMap<>();

    BodySchema(JsonNode body, JsonNode contract) {
        ObjectNode root = body.deepCopy();
        // References in the body point into the contract's schemas, so these come along.
        ObjectNode definitions = root.putObject("$defs");
        contract.path("components").path("schemas").fields().forEachRemaining(e -> definitions.set(e.getKey(), e.getValue().deepCopy()));
        asJsonSchema(root);
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder
                .schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).pathType(PathType.JSON_POINTER).build()));
        schema = registry.getSchema(root);
        schema.initializeValidators();
    }

    List<Problem> check(JsonNode body) {
        List<Error> errors = schema.validate(body);
        if (errors.isEmpty()) {
            return List.of();
        }
        List<Problem> violations = new ArrayList<>(errors.size());
        errors.forEach(error -> violations.add(violation(error)));
        return violations;
    }

    /** OpenAPI 3.0 writes {@code nullable: true} where JSON Schema has a second type, and knows a few words more. */
    private void asJsonSchema(JsonNode node) {
        if (node instanceof ObjectNode schema) {
            if (schema.path("nullable").asBoolean() && schema.path("type").isTextual()) {
                ArrayNode types = schema.arrayNode().add(schema.get("type")).add("null");
                schema.set("type", types);
            }
            if (schema.path("$ref").isTextual()) {
                schema.put("$ref", schema.get("$ref").asText().replace("#/components/schemas/", "#/$defs/"));
            }
            if (schema.path(Parameter.PATTERN_WORDS).isTextual()) {
                patternWords.put(schema.path("pattern").asText(), schema.get(Parameter.PATTERN_WORDS).asText());
            }
            schema.remove(OPENAPI_ONLY);
            schema.fields().forEachRemaining(entry -> {
                // Below these stand names, not keywords: a property may well be called "example".
                boolean names = "properties".equals(entry.getKey()) || "$defs".equals(entry.getKey());
                if (names) {
                    entry.getValue().forEach(this::asJsonSchema);
                } else {
                    asJsonSchema(entry.getValue());
                }
            });
        } else {
            node.forEach(this::asJsonSchema);
        }
    }

    private Problem violation(Error error) {
        List<Object> loc = new ArrayList<>();
        loc.add("body");
        for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
            loc.add(error.getInstanceLocation().getElement(i));
        }
        if ("required".equals(error.getKeyword())) {
            loc.add(error.getProperty());
            return new Problem(loc, "field required", "value_error.missing");
        }
        return new Problem(loc, message(error), kind(error));
    }

    private String message(Error error) {
        JsonNode bound = error.getSchemaNode();
        return switch (error.getKeyword()) {
            case "type" -> "value is not a valid " + wanted(error);
            case "enum" -> "value must be one of " + bound;
            case "minimum" -> "value must be at least " + bound;
            case "maximum" -> "value must be at most " + bound;
            case "minLength" -> "value must have at least " + bound + " characters";
            case "maxLength" -> "value must have at most " + bound + " characters";
            case "minItems" -> "list must have at least " + bound + " items";
            case "maxItems" -> "list must have at most " + bound + " items";
            case "pattern" -> "value " + patternWords.getOrDefault(bound.asText(), "does not match " + bound);
            default -> error.getMessage();
        };
    }

    private static String kind(Error error) {
        return switch (error.getKeyword()) {
            case "type" -> "type_error." + wanted(error);
            case "enum" -> "type_error.enum";
            case "minimum" -> "value_error.number.not_ge";
            case "maximum" -> "value_error.number.not_le";
            case "minLength" -> "value_error.any_str.min_length";
            case "maxLength" -> "value_error.any_str.max_length";
            case "minItems" -> "value_error.list.min_items";
            case "maxItems" -> "value_error.list.max_items";
            case "pattern" -> "value_error.str.regex";
            case "additionalProperties" -> "value_error.extra";
            default -> "value_error." + error.getKeyword();
        };
    }

    private static String wanted(Error error) {
        JsonNode type = error.getSchemaNode();
        return switch (type.isArray() ? type.path(0).asText() : type.asText()) {
            case "array" -> "list";
            case "object" -> "dict";
            case "string" -> "str";
            case "boolean" -> "bool";
            case "number" -> "float";
            default -> "integer";
        };
    }
}
