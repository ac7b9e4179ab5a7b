package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.change.Timestamps;
import dev.serai.connector.PageParser.Parsed;
import dev.serai.record.Page.Refused;
import dev.serai.run.SyncRequest.Parent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageParserTest {

    private static final Instant READ_AT = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void readsKeyParentTimeAndPayloadAsItStands() {
        Change change = parse("""
                {"items": [ {"id": 7, "order": "A:1", "no": 2, "updated_at": "2025-05-05T10:00:00+02:00", "x": {"y": [1, "ü"]}} ]}""",
                List.of("order", "no"), new Parent("orders", List.of("order"))).last().page().changes().get(0);

        assertThat(change.key()).isEqualTo("A%3A1:2");
        assertThat(change.parent()).isEqualTo(new RecordKey("orders", "A:1"));
        assertThat(change.modifiedAt()).isEqualTo("2025-05-05T08:00:00Z");
        assertThat(change.payload()).startsWith("{\"id\": 7").endsWith("[1, \"ü\"]}}");
    }

    @ParameterizedTest
    @CsvSource({
        "5, 5", "5.0, 5", "5e0, 5", "1E3, 1000", "0.50, 0.5", "-0, 0", "-7.0, -7", "12345678901234567890.10, 12345678901234567890.1",
        "1e400000, 1e400000", "1e99999999999, 1e99999999999", "'\"5.0\"', 5.0"})
    void aNumberInAKeyIsItsValueWhateverItsNotation(String written, String key) {
        Change change = parse("[{\"id\": " + written + ", \"order\": " + written + "}]", List.of("id"), new Parent("orders", List.of("order")))
                .last().page().changes().get(0);

        assertThat(change.key()).isEqualTo(key);
        assertThat(change.parent()).isEqualTo(new RecordKey("orders", key));
    }

    @Test
    void fieldsInAnotherOrderAreTheSameContentAndOtherValuesAreNot() {
        long hash = hash("[{\"id\": 1, \"a\": \"x\", \"b\": \"y\"}]");

        assertThat(hash("[{\"b\":   \"y\", \"id\":1, \"a\":\"x\"}]")).isEqualTo(hash);
        assertThat(hash("[{\"id\": 1, \"a\": \"y\", \"b\": \"x\"}]")).isNotEqualTo(hash);
        assertThat(hash("[{\"id\": 1, \"a\": \"x\", \"b\": \"y\", \"c\": null}]")).isNotEqualTo(hash);
        assertThat(hash("[{\"id\": 1, \"a\": \"x\", \"c\": \"y\"}]")).isNotEqualTo(hash);
    }

    @Test
    void hashesNumbersAtEveryPlaceToTheirLastDigit() {
        assertThat(hash("[{\"id\": 1, \"n\": 12}]")).isEqualTo(hash("[{\"n\":12,\"id\":1}]")).isNotEqualTo(hash("[{\"id\": 1, \"n\": 13}]"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{\"name\": \"no key\"} | MISSING_KEY",
        "{\"id\": null} | MISSING_KEY",
        "{\"id\": \"  \"} | MISSING_KEY",
        "{\"id\": [1]} | MISSING_KEY",
        "{\"id\": \"a\\u0000b\"} | INVALID_KEY",
        "{\"id\": 1, \"updated_at\": \"yesterday\"} | INVALID_TIME",
        "{\"id\": 1, \"updated_at\": \"+294277-01-01T00:00:00Z\"} | INVALID_TIME",
        "{\"id\": 1, \"updated_at\": 99999999999999999} | INVALID_TIME",
        "{\"id\": 1, \"updated_at\": 99999999999999999999} | INVALID_TIME",
        "17 | NOT_AN_OBJECT",
        "[1] | NOT_AN_OBJECT",
        "null | NOT_AN_OBJECT"})
    void putsABadRecordAsideAndKeepsTheOthers(String bad, String errorType) {
        Parsed parsed = parse("[{\"id\": 1}, " + bad + ", {\"id\": 2}]", List.of("id"), null);

        assertThat(parsed.last().page().changes()).extracting(Change::key).containsExactly("1", "2");
        assertThat(parsed.last().page().refused()).extracting(r -> r.failure().errorType()).containsExactly(errorType);
        assertThat(parsed.last().page().refused()).extracting(Refused::change).extracting(Change::payload).containsExactly(bad);
    }

    @Test
    void aBadRecordHasItsKeyWhereThatCanBeRead() {
        String records = "[{\"id\": 1, \"updated_at\": \"yesterday\"}, {\"id\": 2, \"a\": 7}, {\"a\": 7, \"b\": 8}, {\"id\": \"" + "x".repeat(1_000) + "\"}]";
        Parsed parsed = parse(records, List.of("id"), new Parent("orders", List.of("a", "b")));

        assertThat(parsed.last().page().refused()).extracting(r -> r.change().key()).containsExactly("1", "2", null, null);
        assertThat(parsed.last().page().keys()).containsExactly("1", "2");
    }

    @Test
    void findsRecordsCursorAndMoreWhereTheConnectorSaysTheyAre() {
        Connector nested = Connector.of("x", Map.of("items", "data.rows", "cursorField", "meta.next", "hasMore", "meta.more"));
        Parsed parsed = new PageParser(nested, 1_000_000).parse(bytes("""
                {"meta": {"next": "c2", "more": true, "other": {"rows": []}}, "data": {"rows": [{"id": 1}]}, "items": [{"id": 9}]}"""),
                mapping(List.of("id"), null));

        assertThat(parsed.last().page().changes()).extracting(Change::key).containsExactly("1");
        assertThat(parsed.nextCursor()).isEqualTo("c2");
        assertThat(parsed.hasMore()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"17, 17", "'\"c\"', c", "true,", "false,", "null,", "{},", "[1],"})
    void aCursorIsTextOrANumber(String written, String cursor) {
        Parsed parsed = parse("{\"next_cursor\": " + written + ", \"items\": []}", List.of("id"), null);

        assertThat(parsed.nextCursor()).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[{\"id\": 1}", "[{\"id\": 1}] x", "{\"items\": {}}", "{}", "\"text\"", "[{\"id\": 1,}]", "<html>"})
    void aMalformedPageSaysWhatIsWrong(String body) {
        assertThatThrownBy(() -> parse(body, List.of("id"), null)).isInstanceOf(MalformedPage.class).hasMessageStartingWith("it is ");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheAnswerAndOtherEncodingsAreRefused() {
        assertThat(parse("\ufeff[{\"id\": 1}]", List.of("id"), null).last().page().changes()).extracting(Change::payload).containsExactly("{\"id\": 1}");
        PageParser parser = new PageParser(Connector.of("x", Map.of()), 1_000_000);
        byte[] utf16 = "[{\"id\": 1}]".getBytes(StandardCharsets.UTF_16);
        assertThatThrownBy(() -> parser.parse(utf16, mapping(List.of("id"), null))).isInstanceOf(MalformedPage.class).hasMessage("it is not UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "2025-05-05T10:00:00Z, 2025-05-05T10:00:00Z",
        "2025-05-05T10:00:00.123456789Z, 2025-05-05T10:00:00.123456789Z",
        "2025-05-05T10:00:00.5+02:00, 2025-05-05T08:00:00.500Z",
        "2025-05-05 10:00:00-07:00, 2025-05-05T17:00:00Z",
        "2025-05-05T10:00+02:00, 2025-05-05T08:00:00Z",
        "2025-05-05T10:00:00+0200, 2025-05-05T08:00:00Z",
        "2025-05-05T10:00:00.5-05, 2025-05-05T15:00:00.500Z",
        "2025-05-05T10:00:00+02:00:30, 2025-05-05T07:59:30Z",
        "2016-12-31T23:59:60Z, 2016-12-31T23:59:59Z",
        "2025-05-05T10:00:00, 2025-05-05T10:00:00Z",
        "2025-05-05, 2025-05-05T00:00:00Z"})
    void readsTimesAsSourcesWriteThem(String written, Instant time) {
        assertThat(Timestamps.parse(written)).isEqualTo(time);
    }

    @Test
    void remembersTheLatestModifiedTime() {
        Parsed parsed = parse("""
                [{"id": 1, "updated_at": "2025-01-02T00:00:00Z"}, {"id": 2, "updated_at": "2025-01-03"}, {"id": 3}]""", List.of("id"), null);

        assertThat(parsed.last().highest()).isEqualTo("2025-01-03T00:00:00Z");
        assertThat(parsed.last().page().changes().get(2).modifiedAt()).isEqualTo(READ_AT);
    }

    @Test
    void aTimeThatNoClockCanShowIsTheTimeOfReading() {
        List<Change> changes = parse("""
                [{"id": 1, "updated_at": "9999-12-31T23:59:59Z"}, {"id": 2, "updated_at": "2026-01-01T14:00:00Z"}]""", List.of("id"), null)
                .last().page().changes();

        assertThat(changes).extracting(Change::modifiedAt).containsExactly(READ_AT, Instant.parse("2026-01-01T14:00:00Z"));
    }

    private static long hash(String body) {
        return parse(body, List.of("id"), null).last().page().changes().get(0).hash();
    }

    private static Parsed parse(String body, List<String> keys, Parent parent) {
        return new PageParser(Connector.of("x", Map.of()), 1_000_000).parse(bytes(body), mapping(keys, parent));
    }

    private static byte[] bytes(String body) {
        return body.getBytes(StandardCharsets.UTF_8);
    }

    private static Mapping mapping(List<String> keys, Parent parent) {
        return new Mapping("x", null, UUID.randomUUID(), "lines", keys, "updated_at", parent, READ_AT);
    }
}
