package dev.serai.storesync;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A page of a list as the document shows it. */
final class Listing {

    private Listing() {}

    static Map<String, Object> of(List<?> items, int page, int limit, long total) {
        Map<String, Object> pagination = new LinkedHashMap<>();
        pagination.put("page", page);
        pagination.put("limit", limit);
        pagination.put("total", total);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", items);
        answer.put("pagination", pagination);
        return answer;
    }
}
