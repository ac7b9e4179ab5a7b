package dev.serai.delivery;

import dev.serai.delivery.DeliveryQueue.Failed;
import dev.serai.run.HubNumber;
import dev.serai.store.Secret;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import dev.serai.webhook.StandardWebhooks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** The steps of the route {@code deliver-webhooks}: takes up a page of deliveries, sends it without waiting for answers, settles what has ended. */
@Component("webhookDeliveries")
public class WebhookDeliveries {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookDeliveries.class);

    /** Deliveries in hand for each attempt at once: enough that a store never waits for a claim. */
    private static final int AHEAD = 16;
    private static final int PAGE = 1_000;
    private static final Duration LEASE = Duration.ofMinutes(5);

    private final Stores stores;
    private final StoreGate gate;
    private final DeliveryQueue queue;
    private final HubNumber hub;
    private final ContentMaker contents;
    private final WebhookClient client;
    private final Settling settling;
    private final DeliveryWake wake;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private final int perStore;
    private final int atOnce;
    private final Duration rest;
    private final Map<String, Lane> lanes = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> pumps = new ConcurrentHashMap<>();
    private final Queue<Attempt> ended = new ConcurrentLinkedQueue<>();
    private final AtomicInteger inHand = new AtomicInteger();
    private List<Attempt> unsettled = List.of();

    WebhookDeliveries(
            Stores stores,
            StoreGate gate,
            DeliveryQueue queue,
            HubNumber hub,
            ContentMaker contents,
            WebhookClient client,
            Settling settling,
            DeliveryWake wake,
            Clock clock,
            PlatformTransactionManager transactions,
            @Value("${serai.deliveries.per-store}") int perStore,
            @Value("${serai.deliveries.at-once}") int atOnce,
            @Value("${serai.deliveries.rest}") Duration rest) {
        this.stores = stores;
        this.gate = gate;
        this.queue = queue;
        this.hub = hub;
        this.contents = contents;
        this.client = client;
        this.settling = settling;
        this.wake = wake;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
        this.perStore = perStore;
        this.atOnce = atOnce;
        this.rest = rest;
    }

    /** An attempt that has ended. */
    record Attempt(StoreDelivery delivery, Verdict verdict) {

        /** Whether the store certainly has not got it, by this attempt or one before. */
        boolean missed() {
            return verdict.kind() != Verdict.Kind.DELIVERED && !verdict.inDoubt() && !delivery.inDoubt();
        }
    }

    /** Deliveries that this hub has taken up. */
    public record Page(List<StoreDelivery> deliveries) {

        public int size() {
            return deliveries.size();
        }
    }

    /** Takes up the next page: of every store that is due as much as there is room for. Empty where nothing is due or nothing more fits. */
    public Page claim() {
        Instant now = clock.instant();
        Map<String, Integer> room = room(queue.dueStores(now));
        if (room.isEmpty()) {
            return new Page(List.of());
        }
        List<StoreDelivery> claimed = queue.claim(hub.get(), room, now, now.plus(LEASE));
        // Claimed and committed first: what is changed from now on has a delivery of its own, and what was changed before is seen.
        return new Page(withContent(claimed, now));
    }

    private Map<String, Integer> room(List<String> due) {
        List<String> shuffled = new ArrayList<>(due);
        Collections.shuffle(shuffled);
        int left = Math.min(PAGE, atOnce * AHEAD - inHand.get());
        Map<String, Integer> room = new LinkedHashMap<>();
        for (String storeId : shuffled) {
            int most = Math.min(left, gate.isOpen(storeId) ? lane(storeId).room() : 0);
            if (most > 0) {
                room.put(storeId, most);
                left -= most;
            }
        }
        return room;
    }

    private Lane lane(String storeId) {
        return lanes.computeIfAbsent(storeId, id -> new Lane(id, perStore, perStore * AHEAD, rest));
    }

    private List<StoreDelivery> withContent(List<StoreDelivery> claimed, Instant now) {
        List<StoreDelivery> unknown = claimed.stream().filter(d -> !d.inDoubt()).toList();
        if (unknown.isEmpty()) {
            return claimed;
        }
        try {
            List<StoreDelivery> made = transaction.execute(status -> {
                List<StoreDelivery> some = contents.make(unknown);
                queue.keep(some);
                queue.dropOutdated(unknown);
                List<Long> ids = new ArrayList<>(unknown.stream().map(StoreDelivery::id).toList());
                ids.removeAll(some.stream().map(StoreDelivery::id).toList());
                queue.remove(ids);
                return some;
            });
            return Stream.concat(made.stream(), claimed.stream().filter(StoreDelivery::inDoubt)).toList();
        } catch (DataAccessException | TransactionException e) {
            queue.release(claimed.stream().map(StoreDelivery::id).toList(), now);
            throw e;
        } catch (RuntimeException e) {
            return isolate(claimed, e, now);
        }
    }

    /** One record of which no message can be made, by an error of ours, keeps no other from being told of: its delivery is parked. */
    private List<StoreDelivery> isolate(List<StoreDelivery> claimed, RuntimeException failure, Instant now) {
        if (claimed.size() == 1) {
            StoreDelivery one = claimed.get(0);
            LOG.error("The delivery {} of {} to store {} could not be made", one.id(), one.key(), one.storeId(), failure);
            queue.failed(List.of(new Failed(one.id(), "the hub failed to make the message: " + failure.getMessage(), null)), now);
            queue.dropOutdated(claimed);
            return List.of();
        }
        int half = claimed.size() / 2;
        return Stream.concat(
                withContent(claimed.subList(0, half), now).stream(),
                withContent(claimed.subList(half, claimed.size()), now).stream()).toList();
    }

    /** Frees what hubs that are gone had taken up. */
    public void takeOver() {
        queue.takeOver(clock.instant());
    }

    /** Sends a page. Returns at once; each store's deliveries go as fast as that store takes them. */
    public void send(Page page) {
        inHand.addAndGet(page.size());
        page.deliveries().forEach(delivery -> lane(delivery.storeId()).add(delivery));
        page.deliveries().stream().map(StoreDelivery::storeId).distinct().forEach(this::pump);
    }

    /** Sends on as long as the store takes more. One thread at a time; whoever comes meanwhile leaves it to that one. */
    private void pump(String storeId) {
        AtomicInteger calls = pumps.computeIfAbsent(storeId, id -> new AtomicInteger());
        if (calls.getAndIncrement() > 0) {
            return;
        }
        Lane lane = lane(storeId);
        do {
            boolean open = gate.isOpen(storeId);
            for (StoreDelivery next = open ? lane.next() : null; next != null; next = lane.next()) {
                attempt(lane, next);
            }
            (open ? lane.stuck() : lane.takeAll()).forEach(left -> end(new Attempt(left, Verdict.NOT_TRIED)));
        } while (calls.decrementAndGet() > 0);
    }

    private void attempt(Lane lane, StoreDelivery delivery) {
        Instant now = clock.instant();
        StoreConfig store = stores.find(delivery.storeId()).orElse(null);
        if (store == null || store.webhook() == null || now.plus(client.patience()).isAfter(delivery.leasedUntil())) {
            // Another hub may have it by the time it was sent.
            lane.ended(Verdict.NOT_TRIED, 0);
            end(new Attempt(delivery, Verdict.NOT_TRIED));
            return;
        }
        byte[] body = WebhookMessage.body(delivery);
        List<String> secrets = stores.secrets(delivery.storeId()).stream().map(Secret::value).toList();
        long from = System.nanoTime();
        client.post(store.webhook().endpoint(), body, StandardWebhooks.sign(delivery.webhookId(), now, body, secrets)).thenAccept(verdict -> {
            lane.ended(verdict, System.nanoTime() - from);
            end(new Attempt(delivery, verdict));
            pump(delivery.storeId());
        });
    }

    private void end(Attempt attempt) {
        ended.add(attempt);
        wake.settle();
    }

    /** Writes what has ended since the last time, all with one transaction. Answers how many attempts that were. */
    public synchronized int settle() {
        if (unsettled.isEmpty()) {
            List<Attempt> page = new ArrayList<>();
            while (page.size() < PAGE && !ended.isEmpty()) {
                page.add(ended.poll());
            }
            unsettled = page;
        }
        if (!unsettled.isEmpty()) {
            settling.settle(unsettled);
        }
        int settled = unsettled.size();
        unsettled = List.of();
        inHand.addAndGet(-settled);
        if (settled > 0) {
            wake.deliver();
        }
        return settled;
    }
}
