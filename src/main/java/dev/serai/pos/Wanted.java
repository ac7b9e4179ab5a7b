package dev.serai.pos;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.web.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a caller wants synced.
 *
 * @param terminalId    or null
 * @param orderIds      as they came, or null where none were given; they beat the other two
 * @param allPending    whether everything that waits is meant
 * @param includeRecent whether what was synced a short time ago is sent again
 */
record Wanted(String terminalId, List<JsonNode> orderIds, boolean allPending, boolean includeRecent) {

    /** @param body valid by the contract, or null for none: then everything that waits is meant */
    static Wanted of(JsonNode body) {
        if (body == null) {
            return new Wanted(null, null, true, false);
        }
        List<JsonNode> ids = null;
        if (body.path("order_ids").isArray()) {
            ids = new ArrayList<>();
            body.path("order_ids").forEach(ids::add);
        }
        return new Wanted(body.path("terminal_id").asText(null), ids, body.path("sync_all_pending").asBoolean(true),
                body.path("include_recent").asBoolean(false));
    }

    boolean isSpecific() {
        return orderIds != null;
    }

    /** @throws ApiException 400 where nothing is wanted */
    void check() {
        if (isSpecific() && orderIds.isEmpty()) {
            throw ApiException.badRequest("order_ids cannot be empty when provided");
        }
        if (!isSpecific() && !allPending && !includeRecent) {
            throw ApiException.badRequest("Nothing to sync: give order_ids, or set sync_all_pending or include_recent");
        }
    }

    /** The ids that an order can have, once each. */
    Set<Long> numbers() {
        return isSpecific()
                ? orderIds.stream().map(OrderIds::of).filter(Objects::nonNull).collect(Collectors.toCollection(TreeSet::new))
                : Set.of();
    }
}
