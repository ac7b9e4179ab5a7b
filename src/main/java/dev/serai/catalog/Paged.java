package dev.serai.catalog;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.rules.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A page of a list, as the face answers it. */
final class Paged {

    private Paged() {}

    static ObjectNode of(List<ObjectNode> items, int page, int limit, long total) {
        ObjectNode answer = Values.object();
        ArrayNode data = answer.putArray("data");
        items.forEach(data::add);
        return answer.put("page", page).put("limit", limit).put("total", total);
    }

    static Map<String, Object> ofViews(List<?> items, int page, int limit, long total) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", items);
        answer.put("page", page);
        answer.put("limit", limit);
        answer.put("total", total);
        return answer;
    }
}
