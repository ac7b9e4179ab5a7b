package dev.serai.webhook;

import dev.serai.change.Change;
import dev.serai.contract.Answer;
import dev.serai.contract.ApiRequest;
import dev.serai.journal.Journal;
import dev.serai.journal.Journal.Receipt;
import dev.serai.record.Wake;
import dev.serai.run.WebhookRuns;
import dev.serai.store.EntityConfig;
import dev.serai.store.Secret;
import dev.serai.store.Stores;
import dev.serai.web.ApiException;
import dev.serai.webhook.Signatures.Verified;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.springframework.stereotype.Component;

/** Takes in stores' webhooks. Nothing of a body is looked at before its signature is good; the answer comes after the commit of all its records. */
@Component("webhookIntake")
public class WebhookIntake {

    private static final byte[] EMPTY = {};
    private static final int LONGEST_ID = 200;
    private static final int PATIENCE_SECONDS = 30;

    private final Stores stores;
    private final Journal journal;
    private final WebhookRuns runs;
    private final Wake wake;
    private final Clock clock;

    WebhookIntake(Stores stores, Journal journal, WebhookRuns runs, Wake wake, Clock clock) {
        this.stores = stores;
        this.journal = journal;
        this.runs = runs;
        this.wake = wake;
        this.clock = clock;
    }

    /** Answers 202 with how many records were accepted, and how many were known. */
    public Answer accept(ApiRequest request) {
        String storeId = request.text("store_id");
        byte[] bytes = request.bytes() == null ? EMPTY : request.bytes();
        Instant now = clock.instant();
        List<String> secrets = stores.secrets(storeId).stream().map(Secret::value).toList();
        Verified verified = Signatures.verify(request::header, bytes, secrets, now)
                .orElseThrow(() -> ApiException.of(401, "The webhook's signature is missing or not valid."));
        try {
            EntityConfig entity = entity(storeId, request.text("entity"));
            WebhookBody body = WebhookBody.read(bytes, verified.style());
            List<Change> changes = new RecordReader(storeId, entity, eventOf(verified, request.header("Idempotency-Key"), body, bytes), now).read(body);
            UUID run = runs.of(storeId, entity.type());
            return Answer.accepted(Map.of("data", summary(commit(changes.stream().map(change -> change.inRun(run)).toList()))));
        } catch (ApiException e) {
            // A used id has no second effect, whatever comes with it.
            return known(storeId, verified).orElseThrow(() -> e);
        }
    }

    private Optional<Answer> known(String storeId, Verified verified) {
        return verified.id() == null
                ? Optional.empty()
                : journal.find(storeId, named(verified.style(), verified.id()) + "/0")
                        .map(seq -> Answer.accepted(Map.of("data", summary(List.of(new Receipt(seq, true))))));
    }

    private EntityConfig entity(String storeId, String type) {
        EntityConfig entity = stores.get(storeId).entity(type);
        if (entity == null) {
            throw ApiException.notFound("Store " + storeId + " does not sync '" + type + "'. Add it by POST /v1/stores/" + storeId
                    + "/sync/configure.");
        }
        if (!entity.direction().takesFromStore()) {
            throw ApiException.of(403, "The " + type + " of store " + storeId + " go from the platform to the store only. Configure the"
                    + " direction to_platform or bidirectional to take them in.");
        }
        return entity;
    }

    /** By which a repetition is recognised: the sender's id, else the content with the time at which it was signed, where the style has one. */
    private static String eventOf(Verified verified, String key, WebhookBody body, byte[] bytes) {
        String signedAt = verified.signedAt() == null ? "" : verified.signedAt().getEpochSecond() + ":";
        return named(verified.style(), Stream.of(verified.id(), body.eventId(), key).filter(Objects::nonNull).findFirst()
                .orElseGet(() -> signedAt + "sha256:" + DigestUtils.sha256Hex(bytes)));
    }

    private static String named(SignatureStyle style, String id) {
        boolean storable = id.length() <= LONGEST_ID && id.indexOf('\0') < 0;
        return style.name().toLowerCase(Locale.ROOT) + ":" + (storable ? id : "sha256:" + DigestUtils.sha256Hex(id));
    }

    private List<Receipt> commit(List<Change> changes) {
        try {
            List<Receipt> receipts = journal.accept(changes).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            wake.applyChanges();
            return receipts;
        } catch (RejectedExecutionException | TimeoutException e) {
            throw new ApiException(503, "UNAVAILABLE", "The webhook could not be accepted now. Send it again, with the same id, in a moment.",
                    null, Map.of("Retry-After", "5"));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a webhook was accepted", e);
        }
    }

    private static Map<String, Object> summary(List<Receipt> receipts) {
        long duplicates = receipts.stream().filter(Receipt::duplicate).count();
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("accepted", receipts.size() - duplicates);
        summary.put("duplicates", duplicates);
        summary.put("event_ids", receipts.stream().map(Receipt::seq).toList());
        return summary;
    }
}
