package dev.serai.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.web.ApiException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * A cloud for terminals to sync with, inside the hub: the route {@code demo-cloud} calls it. An order that it knows by its idempotency key
 * has no second effect. It holds the latest orders in memory.
 */
@Component("demoCloud")
class DemoCloud {

    private static final int MOST_KNOWN = 100_000;
    private static final int MOST_SHOWN = 100;

    private final ObjectMapper json;
    private final Set<String> known = new LinkedHashSet<>();
    private final Deque<JsonNode> latest = new ArrayDeque<>();
    private long orders;
    private long repetitions;

    DemoCloud(ObjectMapper json) {
        this.json = json;
    }

    /** @throws ApiException 400 for what is no batch of orders */
    public Map<String, Object> receive(byte[] body) {
        List<ObjectNode> results = new ArrayList<>();
        for (JsonNode order : orders(body)) {
            ObjectNode result = json.createObjectNode().put("order_id", order.path("order_id").asLong());
            results.add(result.put("status", "synced").put("detail", take(order)));
        }
        return Map.of("results", results);
    }

    private JsonNode orders(byte[] body) {
        try {
            JsonNode orders = json.readTree(body).path("orders");
            if (orders.isArray()) {
                return orders;
            }
        } catch (IOException e) {
            // Said below.
        }
        throw ApiException.badRequest(
                "The demo cloud takes {\"terminal_id\", \"sync_batch_id\", \"orders\": [{\"order_id\", \"idempotency_key\"}]}.");
    }

    private synchronized String take(JsonNode order) {
        if (!known.add(order.path("idempotency_key").asText())) {
            repetitions++;
            return "known already";
        }
        orders++;
        if (known.size() > MOST_KNOWN) {
            known.remove(known.iterator().next());
        }
        latest.addFirst(order);
        if (latest.size() > MOST_SHOWN) {
            latest.removeLast();
        }
        return "received";
    }

    /** How many orders there are, how often one came again, and the latest ones, newest first. */
    public synchronized Map<String, Object> received() {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("orders", orders);
        answer.put("repetitions", repetitions);
        answer.put("latest", Collections.unmodifiableList(new ArrayList<>(latest)));
        return answer;
    }
}
