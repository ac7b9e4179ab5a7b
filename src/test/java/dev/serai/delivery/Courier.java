package dev.serai.delivery;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.change.RecordKey;
import dev.serai.delivery.WebhookDeliveries.Attempt;
import dev.serai.rules.Values;
import dev.serai.testing.Core;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Takes deliveries to stores as the routes do, with a network that the test is: what was sent arrives when the test says so. */
public final class Courier {

    private final Core core;
    private final List<StoreDelivery> underWay = new ArrayList<>();

    public Courier(Core core) {
        this.core = core;
    }

    /** A message on its way: the fields that it tells of with their values, or that the record is gone. */
    public record Message(String storeId, RecordKey key, ObjectNode changed, boolean deleted) {}

    /** Takes up what is due. */
    public List<Message> send() {
        List<StoreDelivery> claimed = core.bean(WebhookDeliveries.class).claim().deliveries();
        underWay.addAll(claimed);
        return claimed.stream().map(Courier::message).toList();
    }

    /** All that is under way got its 2xx. */
    public void arrive() {
        if (!underWay.isEmpty()) {
            core.bean(Settling.class).settle(underWay.stream().map(delivery -> new Attempt(delivery, Verdict.DELIVERED)).toList());
            underWay.clear();
        }
    }

    /** Sends what is due over HTTP until nothing is due any more, as the route does. */
    public void deliver() {
        WebhookDeliveries deliveries = core.bean(WebhookDeliveries.class);
        WebhookDeliveries.Page page = deliveries.claim();
        while (page.size() > 0) {
            deliveries.send(page);
            int[] left = {page.size()};
            await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5)).until(() -> (left[0] -= deliveries.settle()) <= 0);
            page = deliveries.claim();
        }
    }

    private static Message message(StoreDelivery delivery) {
        ObjectNode data = Values.object(delivery.content().data());
        ObjectNode changed = Values.object();
        for (JsonNode field : Values.read(delivery.content().changedFields())) {
            changed.set(field.textValue(), Values.orNull(data.get(field.textValue())));
        }
        return new Message(delivery.storeId(), delivery.key(), changed, delivery.content().deleted());
    }
}
