package dev.serai.delivery;

import dev.serai.delivery.DeliveryQueue.Failed;
import dev.serai.delivery.Endpoints.Ended;
import dev.serai.delivery.Verdict.Kind;
import dev.serai.delivery.WebhookDeliveries.Attempt;
import dev.serai.record.StoreRecords;
import dev.serai.store.Stores;
import dev.serai.store.WebhookTarget;
import dev.serai.watch.Audit;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes what a page of attempts came to: agreed, again later, or parked. */
@Component
class Settling {

    private static final Logger log = LoggerFactory.getLogger(Settling.class);

    private final DeliveryQueue queue;
    private final ContentMaker contents;
    private final StoreRecords storeRecords;
    private final Endpoints endpoints;
    private final Stores stores;
    private final Audit audit;
    private final Clock clock;
    private final TransactionTemplate transaction;
    private final int retries;
    private final Backoff backoff;

    Settling(
            DeliveryQueue queue,
            ContentMaker contents,
            StoreRecords storeRecords,
            Endpoints endpoints,
            Stores stores,
            Audit audit,
            Clock clock,
            PlatformTransactionManager transactions,
            @Value("${serai.deliveries.retries}") int retries,
            @Value("${serai.deliveries.first-delay}") Duration firstDelay,
            @Value("${serai.deliveries.max-delay}") Duration maxDelay) {
        this.queue = queue;
        this.contents = contents;
        this.storeRecords = storeRecords;
        this.endpoints = endpoints;
        this.stores = stores;
        this.audit = audit;
        this.clock = clock;
        this.transaction = new TransactionTemplate(transactions);
        this.retries = retries;
        this.backoff = new Backoff(retries, firstDelay, maxDelay);
    }

    void settle(List<Attempt> attempts) {
        Instant now = clock.instant();
        List<StoreDelivery> delivered = of(attempts, Kind.DELIVERED);
        List<Failed> failed = new ArrayList<>();
        List<Ended> counted = new ArrayList<>();
        for (Attempt attempt : attempts) {
            Failed failure = failed(attempt, now);
            if (failure != null) {
                failed.add(failure);
            }
            if (attempt.verdict().kind() != Kind.NOT_TRIED) {
                counted.add(new Ended(attempt.delivery().storeId(), attempt.verdict(), failure != null && failure.next() == null));
            }
        }
        withdraw(attempts.stream().filter(Attempt::missed).map(Attempt::delivery).toList());
        List<Long> ids = delivered.stream().map(StoreDelivery::id).toList();
        transaction.executeWithoutResult(status -> {
            // In this order, which is that of a batch that applies changes: what stores have first, and so their records, deliveries then.
            storeRecords.agreed(delivered.stream().map(contents::sent).toList());
            queue.followUp(ids, now);
            queue.remove(ids);
            queue.failed(failed, now);
            queue.resume(delivered.stream().map(StoreDelivery::storeId).collect(Collectors.toSet()), retries, now);
            queue.release(of(attempts, Kind.NOT_TRIED).stream().map(StoreDelivery::id).toList(), now);
            endpoints.count(counted, now);
        });
        of(attempts, Kind.GONE).stream().map(StoreDelivery::storeId).collect(Collectors.toSet()).forEach(this::disable);
        tell(attempts, failed);
    }

    /** With a transaction of its own, so that what stores have is locked in one order; done twice it is as done once. */
    private void withdraw(List<StoreDelivery> missed) {
        if (missed.isEmpty()) {
            return;
        }
        transaction.executeWithoutResult(status -> {
            storeRecords.missed(missed.stream().map(contents::sent).toList());
            queue.withdrawn(missed.stream().map(StoreDelivery::id).toList());
        });
    }

    private static List<StoreDelivery> of(List<Attempt> attempts, Kind kind) {
        return attempts.stream().filter(attempt -> attempt.verdict().kind() == kind).map(Attempt::delivery).toList();
    }

    /** Null where the attempt did not fail. A delivery whose endpoint is gone waits for another endpoint. */
    private Failed failed(Attempt attempt, Instant now) {
        Verdict verdict = attempt.verdict();
        int attempts = attempt.delivery().attempts() + 1;
        return switch (verdict.kind()) {
            case DELIVERED, NOT_TRIED -> null;
            case GONE -> new Failed(attempt.delivery().id(), verdict.reason(), now);
            case REFUSED -> new Failed(attempt.delivery().id(), verdict.reason(), null);
            case RETRY -> new Failed(attempt.delivery().id(), verdict.reason(), backoff.isOver(attempts) ? null : next(verdict, attempts, now));
        };
    }

    private Instant next(Verdict verdict, int attempts, Instant now) {
        Duration ours = backoff.after(attempts);
        Duration theirs = verdict.retryAfter();
        return now.plus(theirs != null && theirs.compareTo(ours) > 0 ? theirs : ours);
    }

    private void disable(String storeId) {
        stores.find(storeId).filter(store -> store.webhook() != null && store.webhook().enabled()).ifPresent(store -> {
            stores.change(storeId, "delivery", now ->
                    now.webhook() == null || !now.webhook().endpoint().equals(store.webhook().endpoint())
                            ? now
                            : now.withWebhook(new WebhookTarget(now.webhook().endpoint(), false)));
            audit.record("delivery", "store.webhook.disable", storeId, "gone", Map.of("endpoint", store.webhook().endpoint().toString()));
            log.warn("Store {} answered 410 to a webhook: its endpoint is disabled and its deliveries wait. Configure an endpoint"
                    + " (POST /v1/stores/{}/sync/configure) to send them.", storeId, storeId);
        });
    }

    /** One line for a store and reason, however many deliveries. */
    private static void tell(List<Attempt> attempts, List<Failed> failed) {
        Set<Long> parked = failed.stream().filter(f -> f.next() == null).map(Failed::id).collect(Collectors.toSet());
        Map<List<String>, Long> reasons = attempts.stream().filter(a -> parked.contains(a.delivery().id())).collect(Collectors.groupingBy(
                a -> List.of(a.delivery().storeId(), a.verdict().reason()), Collectors.counting()));
        reasons.forEach((why, count) -> log.warn("{} deliveries to store {} are parked: the endpoint {}. POST /v1/stores/{}/sync/deliveries/replay"
                + " sends them again.", count, why.get(0), why.get(1), why.get(0)));
    }
}
