package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.ContentHash;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A record's fields and who wrote each, as far as a merge needs them. Whoever changes one takes a copy. What was read of the database is taken
 * apart when it is needed: a thousand records at once would push each other out of the processor's cache.
 */
final class Content {

    private String payload;
    private ObjectNode fields;
    private String stampsText;
    private Stamps stamps;

    private Content(String payload, String stampsText, Stamps stamps) {
        this.payload = payload;
        this.stampsText = stampsText;
        this.stamps = stamps;
    }

    Content(ObjectNode fields, Stamps stamps) {
        this.fields = fields;
        this.stamps = stamps;
    }

    /** @param stamps null where all of it is of the same edit, {@code whole} */
    static Content of(String payload, String stamps, Stamp whole) {
        return new Content(payload, stamps, stamps == null ? Stamps.whole(whole) : null);
    }

    ObjectNode fields() {
        if (fields == null) {
            fields = Values.object(payload);
            payload = null;
        }
        return fields;
    }

    Stamps stamps() {
        if (stamps == null) {
            stamps = Stamps.parse(stampsText);
            stampsText = null;
        }
        return stamps;
    }

    /** Whether a store has some of it just like this. */
    boolean isAgreed() {
        return stampsText == null ? stamps.agreed() != null : Stamps.isAgreed(stampsText);
    }

    Content copy() {
        ObjectNode copy = fields().objectNode();
        copy.setAll(fields);
        return new Content(copy, stamps().copy());
    }

    /** The content as text with its hash, in one go. */
    record Text(String json, long hash) {}

    Text text() {
        StringBuilder json = new StringBuilder(512).append('{');
        int[] ends = new int[2 * fields().size()];
        int n = 0;
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            Values.write(field.getKey(), json.append(n > 0 ? "," : ""));
            ends[n++] = json.append(':').length();
            Values.write(field.getValue(), json);
            ends[n++] = json.length();
        }
        String text = json.append('}').toString();
        return new Text(text, hash(text, ends));
    }

    /** @param ends where each value begins and ends */
    private long hash(String text, int[] ends) {
        ContentHash hash = new ContentHash();
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        boolean isAscii = utf8.length == text.length();
        int n = 0;
        for (String field : (Iterable<String>) fields::fieldNames) {
            int from = ends[n++];
            int to = ends[n++];
            byte[] value = isAscii ? utf8 : text.substring(from, to).getBytes(StandardCharsets.UTF_8);
            hash.add(field, value, isAscii ? from : 0, isAscii ? to : value.length);
        }
        return hash.value();
    }
}
