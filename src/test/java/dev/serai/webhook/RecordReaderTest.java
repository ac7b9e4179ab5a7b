package dev.serai.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.rules.FieldFilter;
import dev.serai.store.DeleteMarker;
import dev.serai.store.Direction;
import dev.serai.store.EntityConfig;
import dev.serai.web.ApiException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordReaderTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    @Test
    void excludedFieldsAreCutAndSoAreUnlistedOnesUnlessAFilterAsksForThem() {
        EntityConfig entity = entity(List.of("title", "secret"), List.of("id"), List.of(new FieldFilter("status", "exists", BooleanNode.TRUE)),
                Set.of("secret"));

        Change change = read(entity, "{\"id\": 1, \"title\": \"x\", \"secret\": 7, \"status\": \"on\", \"other\": 1}").get(0);

        assertThat(change.payload()).isEqualTo("{\"id\":1,\"title\":\"x\",\"status\":\"on\"}");
    }

    @Test
    void numbersStayAsTheyWereWrittenAndEqualContentHasEqualHashes() {
        Change first = read(all(), "{\"id\":\"1\",\"price\":12.50,\"big\":123456789012345678901234567890}").get(0);
        Change second = read(all(), "{ \"big\" : 123456789012345678901234567890, \"id\": \"1\", \"price\" : 12.50 }").get(0);

        assertThat(first.payload()).isEqualTo("{\"id\":\"1\",\"price\":12.50,\"big\":123456789012345678901234567890}");
        assertThat(second.hash()).isEqualTo(first.hash());
        assertThat(read(all(), "{\"id\":\"1\",\"price\":12.51}").get(0).hash()).isNotEqualTo(first.hash());
    }

    @Test
    void keyTimeAndDeleteAreFoundAsConfigured() {
        EntityConfig entity = entity(List.of(), List.of("shop", "sku"), List.of(), Set.of());

        Change change = read(entity, "{\"shop\": 7, \"sku\": \"a:b\", \"updated_at\": 1700000000, \"deleted\": true}").get(0);

        assertThat(change.key()).isEqualTo("7:a%3Ab");
        assertThat(change.modifiedAt()).isEqualTo(Instant.ofEpochSecond(1_700_000_000));
        assertThat(change.operation()).isEqualTo(Operation.DELETE);
        assertThat(change.eventId()).isEqualTo("event/0");
        assertThat(read(entity, "{\"shop\": 7, \"sku\": \"c\"}").get(0).modifiedAt()).isEqualTo(NOW);
    }

    @Test
    void aNumberInAKeyIsItsValueWhateverItsNotation() {
        List<Change> changes = read(all(), "[{\"id\": 1000}, {\"id\": 1e3}, {\"id\": 1000.0}, {\"id\": \"1000.0\"}, {\"id\": 0.50}]");

        assertThat(changes).extracting(Change::key).containsExactly("1000", "1000", "1000", "1000.0", "0.5");
    }

    @Test
    void keysThatNoRecordCanHaveAreRefused() {
        for (String key : List.of("null", "\"\"", "\" \"", "true", "[1]", "{}", "\"a\\u0000\"", "\"" + "k".repeat(513) + "\"")) {
            assertThatThrownBy(() -> read(all(), "{\"id\": " + key + "}")).isInstanceOfSatisfying(
                    ApiException.class, refusal -> assertThat(refusal.status()).isEqualTo(422));
        }
    }

    @Test
    void aNulIsRefusedWhereverItWouldBeKept() {
        for (String fields : List.of("\"title\": \"a\\u0000b\"", "\"ti\\u0000tle\": 1", "\"a\": [{\"b\": [\"\\u0000\"]}]", "\"a\": {\"\\u0000\": 1}")) {
            assertThatThrownBy(() -> read(all(), "[{\"id\": 1}, {\"id\": 2, " + fields + "}]")).isInstanceOfSatisfying(
                    ApiException.class, refusal -> assertThat(refusal.status()).isEqualTo(422))
                    .hasMessageContaining("of record 1 contains a NUL character");
        }
    }

    @Test
    void theEscapeOfANulIsATextAsAnyOtherAndAnExcludedFieldMayHaveOne() {
        EntityConfig entity = entity(List.of(), List.of("id"), List.of(), Set.of("secret"));

        Change change = read(entity, "{\"id\": 1, \"manual\": \"write \\\\u0000\", \"secret\": \"\\u0000\"}").get(0);

        assertThat(change.payload()).isEqualTo("{\"id\":1,\"manual\":\"write \\\\u0000\"}");
    }

    @Test
    void whatIsNestedTooDeeplyIsToldSo() {
        assertThatThrownBy(() -> read(all(), "{\"id\": 1, \"a\": " + "[".repeat(100) + "]".repeat(100) + "}")).isInstanceOfSatisfying(
                ApiException.class, refusal -> assertThat(refusal.status()).isEqualTo(400))
                .hasMessage("The body is nested too deeply: more than 100 objects and arrays inside one another");
        assertThat(read(all(), "{\"id\": 1, \"a\": " + "[".repeat(99) + "]".repeat(99) + "}")).hasSize(1);
    }

    private static List<Change> read(EntityConfig entity, String body) {
        WebhookBody parsed = WebhookBody.read(body.getBytes(StandardCharsets.UTF_8), SignatureStyle.STANDARD);
        return new RecordReader("store", entity, "event", NOW).read(parsed);
    }

    private static EntityConfig all() {
        return entity(List.of(), List.of("id"), List.of(), Set.of());
    }

    private static EntityConfig entity(List<String> fields, List<String> keys, List<FieldFilter> filters, Set<String> excluded) {
        return new EntityConfig("products", Direction.BIDIRECTIONAL, "last_write_wins", fields, keys, "updated_at",
                new DeleteMarker("deleted", null), filters, excluded, null, true);
    }
}
