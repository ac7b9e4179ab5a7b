package dev.serai.retail;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.util.List;
import java.util.TreeSet;

/** Reads an acknowledgement, beyond what its contract has checked. */
final class AckRequest {

    private AckRequest() {}

    /** @throws ApiException 422 where neither one event nor several are named */
    static TreeSet<Long> eventIds(JsonNode body) {
        TreeSet<Long> ids = new TreeSet<>();
        if (body.path("event_id").isNumber()) {
            ids.add(body.path("event_id").asLong());
        }
        body.path("event_ids").forEach(id -> ids.add(id.asLong()));
        if (ids.isEmpty()) {
            throw ApiException.invalid(List.of(
                    new Problem(List.of("body", "event_id"), "field required: event_id or event_ids", "value_error.missing")));
        }
        return ids;
    }
}
