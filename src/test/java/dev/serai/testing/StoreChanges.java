package dev.serai.testing;

import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.change.Operation;
import dev.serai.journal.Journal;
import dev.serai.record.Page;
import dev.serai.record.PageResult;
import dev.serai.rules.SyncRule;
import dev.serai.store.DeleteMarker;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.store.Frequency;
import dev.serai.store.StoreConfig;
import dev.serai.store.Stores;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Stores on a core, and what they and the platform change. JSON is written with single quotes. */
public final class StoreChanges {

    private final Core core;
    private final Instant start;
    private int events;

    public StoreChanges(Core core) {
        this.core = core;
        this.start = core.clock.instant().minusSeconds(600);
    }

    public Instant at(int second) {
        return start.plusSeconds(second);
    }

    public DeleteMarker marker() {
        return new DeleteMarker("deleted", null);
    }

    /** All fields of products. */
    public EntityConfig entity(String strategy, Direction direction) {
        return new EntityConfig("products", direction, strategy, List.of(), List.of("id"), "updated_at", marker(), List.of(), Set.of(), null, true);
    }

    public void create(String store, String strategy) {
        create(store, strategy, List.of());
    }

    public void create(String store, String strategy, List<SyncRule> rules) {
        create(store, entity(strategy, Direction.BIDIRECTIONAL), rules);
    }

    public void create(String store, EntityConfig entity, List<SyncRule> rules) {
        core.bean(Stores.class).create(new StoreConfig(store, 0, false, Frequency.REAL_TIME, List.of(entity), rules, null), null, "test");
    }

    /** A store's webhook, applied. */
    public void tell(String store, Instant at, String key, String json) {
        accept(change(store, store, "products", key, Operation.UPSERT, at, quoted(json), false, true));
    }

    public void delete(String store, Instant at, String key) {
        accept(change(store, store, "products", key, Operation.DELETE, at, null, false, true));
    }

    /** The platform's own edit, applied. */
    public void edit(Instant at, String type, String key, String json) {
        accept(change("platform", null, type, key, Operation.UPSERT, at, quoted(json), false, true));
    }

    /** The platform deletes a record. */
    public void platformDelete(Instant at, String key) {
        accept(change("platform", null, "products", key, Operation.DELETE, at, null, false, true));
    }

    /** A record of a page of a full pull. */
    public void pull(Instant at, String key, String json) {
        Change change = change("erp", null, "products", key, Operation.UPSERT, at, quoted(json), true, false);
        PageResult result = core.pipeline().accept(
                new Page("products", List.of(change), List.of()), inside -> core.ledger().write(inside.lines()));
        if (!result.written()) {
            core.ledger().write(result.lines());
        }
    }

    /** In the journal, not yet applied. */
    public void journal(Change change) {
        core.bean(Journal.class).accept(change).join();
    }

    private void accept(Change change) {
        journal(change);
        core.drain();
    }

    public Change change(
            String source, String store, String type, String key, Operation operation, Instant at, String json, boolean pull, boolean partial) {
        long hash = json == null ? 0 : ContentHash.of(json.getBytes(StandardCharsets.UTF_8));
        String event = pull ? null : "e" + events++;
        return new Change(source, store, null, type, key, operation, at, null, event, hash, json, pull, partial);
    }

    public static String quoted(String json) {
        return json.replace('\'', '"');
    }

    public String outcomes() {
        StringBuilder text = new StringBuilder();
        core.ledger().total().outcomes().forEach((outcome, n) -> text.append(text.isEmpty() ? "" : ", ").append(outcome).append(' ').append(n));
        return text.toString();
    }
}
