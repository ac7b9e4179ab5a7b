package dev.serai.pos;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.pos.CloudAnswer.Unreadable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** The conversation with the cloud, a batch of orders a request: what is posted, and what its answer, or the lack of one, means. */
@Component
public class CloudRequests {

    private static final Logger log = LoggerFactory.getLogger(CloudRequests.class);

    private final CloudOrders orders;
    private final CloudEndpoint endpoint;
    private final PosSettings settings;
    private final ObjectMapper json;

    CloudRequests(CloudOrders orders, CloudEndpoint endpoint, PosSettings settings, ObjectMapper json) {
        this.orders = orders;
        this.endpoint = endpoint;
        this.settings = settings;
        this.json = json;
    }

    /**
     * A request that is to be sent.
     *
     * @param authorization the header of that name, or null
     */
    public record Request(String url, String authorization, String body, Object claim) {}

    /** The next request; null where no order is due, or where none may be sent. */
    public Request next() {
        Optional<String> url = settings.syncEnabled() ? endpoint.url() : Optional.empty();
        if (url.isEmpty()) {
            return null;
        }
        CloudOrders.Claim claim = orders.claim();
        if (claim == null) {
            orders.completeBatches();
            return null;
        }
        return new Request(url.get(), endpoint.authorization().orElse(null), body(claim), claim);
    }

    private String body(CloudOrders.Claim claim) {
        ObjectNode body = json.createObjectNode();
        body.put("terminal_id", claim.terminalId());
        body.put("sync_batch_id", claim.batchId());
        ArrayNode all = body.putArray("orders");
        claim.orders().forEach(order -> all.add(order(order)));
        return body.toString();
    }

    /** What identifies the order stands before its content, and is never taken from it. */
    private ObjectNode order(CloudOrders.Order order) {
        ObjectNode sent = json.createObjectNode();
        sent.put("order_id", order.orderId());
        sent.put("idempotency_key", order.idempotencyKey().toString());
        sent.put("order_version", order.version());
        content(order).fields().forEachRemaining(field -> {
            if (!sent.has(field.getKey())) {
                sent.set(field.getKey(), field.getValue());
            }
        });
        return sent;
    }

    private JsonNode content(CloudOrders.Order order) {
        try {
            return order.content() == null ? json.createObjectNode() : json.readTree(order.content());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The content of order " + order.orderId() + " is no JSON", e);
        }
    }

    /** The cloud answered 2xx; its answer says what became of each order. */
    public void answered(Request request, byte[] answer) {
        CloudOrders.Claim claim = (CloudOrders.Claim) request.claim();
        try {
            orders.settle(claim, CloudAnswer.read(json, answer), "The cloud's answer does not speak of this order");
        } catch (Unreadable e) {
            notAnswered(request, e.getMessage());
        }
    }

    /** The cloud gave no 2xx: all orders of the request are tried again, or have failed for good. */
    public void notAnswered(Request request, String reason) {
        CloudOrders.Claim claim = (CloudOrders.Claim) request.claim();
        List<Long> ids = claim.orders().stream().map(CloudOrders.Order::orderId).toList();
        log.warn("{} orders of terminal {} ({} to {}) did not reach the cloud: {}. They are tried again at most {} times",
                ids.size(), claim.terminalId(), ids.get(0), ids.get(ids.size() - 1), reason, settings.retries().max());
        orders.settle(claim, Map.of(), CloudAnswer.shortened(reason));
    }
}
