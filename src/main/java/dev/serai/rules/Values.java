package dev.serai.rules;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.ContentHash;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Values of fields, as JSON. A number is its value, whatever its notation; a text is never a number; a missing field is like null. */
public final class Values {

    /** Numbers beyond any price or stock are not calculated with: their digits would fill the memory. */
    private static final int MOST_DIGITS = 40;

    private static final Pattern DECIMAL = Pattern.compile("[+-]?[0-9]+(\\.[0-9]+)?");
    /** As long as a number in JSON may be. */
    private static final int LONGEST_DECIMAL = StreamReadConstraints.DEFAULT_MAX_NUM_LEN;

    private static final ObjectMapper JSON = JsonMapper.builder(new JsonFactory())
            .nodeFactory(new RoomyObjects())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    static {
        // What was stored has to be read, whatever it is: PostgreSQL writes 1e2000 out.
        JSON.getFactory().setStreamReadConstraints(StreamReadConstraints.builder()
                .maxStringLength(Integer.MAX_VALUE)
                .maxNumberLength(Integer.MAX_VALUE)
                .build());
    }

    private static final Comparator<JsonNode> BY_VALUE = (a, b) -> {
        if (a.isNumber() && b.isNumber()) {
            return a.decimalValue().compareTo(b.decimalValue());
        }
        return a.equals(b) ? 0 : 1;
    };

    private Values() {}

    /** With room for the fields of a usual record, where the first map of Java's is made anew at the thirteenth. */
    private static final class RoomyObjects extends JsonNodeFactory {

        private static final int SIZE = 32;

        @Override
        public ObjectNode objectNode() {
            return new ObjectNode(this, new LinkedHashMap<>(SIZE));
        }
    }

    /** The fields of a record; none where the text is null. */
    public static ObjectNode object(String json) {
        return json == null ? JSON.createObjectNode() : (ObjectNode) read(json);
    }

    public static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The hub's own JSON cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    public static String write(JsonNode value) {
        StringBuilder json = new StringBuilder(256);
        write(value, json);
        return json.toString();
    }

    /** Appends the value as JSON. By hand: Jackson's generators cost more than what they write of values as small as these. */
    public static void write(JsonNode value, StringBuilder json) {
        if (value.isTextual()) {
            write(value.textValue(), json);
        } else if (value.isObject()) {
            char before = '{';
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                write(field.getKey(), json.append(before));
                write(field.getValue(), json.append(':'));
                before = ',';
            }
            json.append(before == '{' ? "{}" : "}");
        } else if (value.isArray()) {
            char before = '[';
            for (JsonNode element : value) {
                write(element, json.append(before));
                before = ',';
            }
            json.append(before == '[' ? "[]" : "]");
        } else if (value.isPojo()) {
            json.append(written(value));
        } else {
            json.append(value.asText());
        }
    }

    /** What was put in as JSON text already. */
    private static String written(JsonNode value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Appends a text as JSON, in its quotes. */
    public static void write(String text, StringBuilder json) {
        JsonStringEncoder.getInstance().quoteAsString(text, json.append('"'));
        json.append('"');
    }

    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** A missing value as JSON's null. */
    public static JsonNode orNull(JsonNode value) {
        return value == null ? NullNode.getInstance() : value;
    }

    public static boolean isNothing(JsonNode value) {
        return value == null || value.isNull() || value.isMissingNode();
    }

    public static boolean same(JsonNode a, JsonNode b) {
        if (a == b) {
            return true;
        }
        if (isNothing(a) || isNothing(b)) {
            return isNothing(a) && isNothing(b);
        }
        if (a.isTextual()) {
            return b.isTextual() && a.textValue().equals(b.textValue());
        }
        return a.equals(BY_VALUE, b);
    }

    /**
     * Which of two numbers, or of two texts, is higher; empty where they cannot be compared. Texts that both write a decimal number, as
     * some shops write prices, are compared by what they are worth: "10" is higher than "9".
     */
    public static OptionalInt compare(JsonNode a, JsonNode b) {
        if (a == null || b == null) {
            return OptionalInt.empty();
        }
        if (a.isNumber() && b.isNumber()) {
            return OptionalInt.of(a.decimalValue().compareTo(b.decimalValue()));
        }
        return a.isTextual() && b.isTextual() ? OptionalInt.of(compare(a.textValue(), b.textValue())) : OptionalInt.empty();
    }

    private static int compare(String a, String b) {
        return isDecimal(a) && isDecimal(b) ? new BigDecimal(a).compareTo(new BigDecimal(b)) : a.compareTo(b);
    }

    private static boolean isDecimal(String text) {
        return text.length() <= LONGEST_DECIMAL && DECIMAL.matcher(text).matches();
    }

    /** Whether a value can be calculated with. */
    static boolean isCountable(JsonNode value) {
        if (value == null || !value.isNumber()) {
            return false;
        }
        BigDecimal number = value.decimalValue();
        return Math.abs((long) number.scale()) <= MOST_DIGITS && number.precision() <= MOST_DIGITS;
    }

    /** {@code current} with the difference from {@code from} to {@code to}, never below zero. */
    static JsonNode moved(JsonNode current, JsonNode from, JsonNode to) {
        return number(current.decimalValue().add(to.decimalValue()).subtract(from.decimalValue()));
    }

    /** The same where some of it may be no number: then it is where the others went. */
    public static JsonNode movedBy(JsonNode current, JsonNode from, JsonNode to) {
        return isCountable(current) && isCountable(from) && isCountable(to) ? moved(current, from, to) : to;
    }

    static BigDecimal distance(JsonNode a, JsonNode b) {
        return a.decimalValue().subtract(b.decimalValue()).abs();
    }

    /** A number and what is added to it, never below zero; nothing, and what is no number, counts as zero. */
    public static JsonNode plus(JsonNode number, JsonNode added) {
        BigDecimal sum = isCountable(number) ? number.decimalValue() : BigDecimal.ZERO;
        return number(isCountable(added) ? sum.add(added.decimalValue()) : sum);
    }

    private static JsonNode number(BigDecimal value) {
        BigDecimal sum = value.max(BigDecimal.ZERO);
        return sum.scale() <= 0 && sum.precision() - sum.scale() < 18
                ? JSON.getNodeFactory().numberNode(sum.longValueExact())
                : DecimalNode.valueOf(sum);
    }

    /** Equal for equal values within a process and between processes. */
    public static long hash(JsonNode value) {
        return ContentHash.of(write(orNull(value)).getBytes(StandardCharsets.UTF_8));
    }

    /** Of a whole record: see {@link ContentHash}. */
    public static long contentHash(ObjectNode fields) {
        ContentHash hash = new ContentHash();
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            byte[] json = write(field.getValue()).getBytes(StandardCharsets.UTF_8);
            hash.add(field.getKey(), json, 0, json.length);
        }
        return hash.value();
    }
}
