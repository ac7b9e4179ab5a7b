package dev.serai.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.ContentHash;
import dev.serai.rules.Stamp;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A record's fields and who wrote each, as far as a merge needs them. Whoever changes one takes a copy. */
record Content(ObjectNode fields, Stamps stamps) {

    static Content of(String payload, String stamps, Stamp whole) {
        return new Content(Values.object(payload), stamps == null ? Stamps.whole(whole) : Stamps.parse(stamps));
    }

    Content copy() {
        ObjectNode copy = fields.objectNode();
        copy.setAll(fields);
        return new Content(copy, stamps.copy());
    }

    /** The content as text with its hash, in one go. */
    record Text(String json, long hash) {}

    Text text() {
        ContentHash hash = new ContentHash();
        StringBuilder json = new StringBuilder(256).append('{');
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            Values.write(field.getKey(), json.append(json.length() > 1 ? "," : ""));
            int from = json.append(':').length();
            Values.write(field.getValue(), json);
            byte[] value = json.substring(from).getBytes(StandardCharsets.UTF_8);
            hash.add(field.getKey(), value, 0, value.length);
        }
        return new Text(json.append('}').toString(), hash.value());
    }
}
