package dev.serai.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.device.DeviceEvents.Receipt;
import dev.serai.testing.Core;
import dev.serai.testing.StatementCount;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

class DeviceEventsTest {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Core core;
    private DeviceEvents events;

    @BeforeEach
    void open() {
        core = new Core();
        events = core.bean(DeviceEvents.class);
    }

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void aDeviceGetsTheEventsOfOthersInTheOrderOfAcceptance() {
        long first = push("a", "1");
        push("b", "2");
        long third = push("c", "3");

        FeedPage page = read("b", 0, 10);

        assertThat(page.events()).extracting(DeviceEvent::eventId, DeviceEvent::deviceId, DeviceEvent::payload)
                .containsExactly(tuple(first, "a", "{\"n\":1}"), tuple(third, "c", "{\"n\":3}"));
        assertThat(page.hasMore()).isFalse();
    }

    @Test
    void pagesJoinWithoutGapOrOverlapAndMoveNothing() {
        List<Long> pushed = LongStream.rangeClosed(1, 25).map(n -> push("a", "" + n)).boxed().toList();
        List<Long> read = new ArrayList<>();
        FeedPage page = read("b", 0, 10);
        while (true) {
            page.events().forEach(e -> read.add(e.eventId()));
            if (!page.hasMore()) {
                break;
            }
            page = read("b", page.next(), 10);
        }

        assertThat(read).isEqualTo(pushed);
        assertThat(ids(read("b", 0, 100))).isEqualTo(pushed);
    }

    @Test
    void whatIsAcknowledgedDoesNotComeAgainAndTheRestDoes() {
        List<Long> pushed = LongStream.rangeClosed(1, 6).map(n -> push("a", "" + n)).boxed().toList();

        assertThat(events.acknowledge("b", List.of(pushed.get(1), pushed.get(4), 999_999L))).isEqualTo(2);
        assertThat(events.acknowledge("b", List.of(pushed.get(1)))).isEqualTo(1);

        assertThat(ids(read("b", 0, 10))).containsExactly(pushed.get(0), pushed.get(2), pushed.get(3), pushed.get(5));
        assertThat(ids(read("b", pushed.get(2), 10))).containsExactly(pushed.get(3), pushed.get(5));
        assertThat(ids(read("c", 0, 10))).isEqualTo(pushed);
    }

    @Test
    void acknowledgementsGrowTogetherOverOwnEventsAndUnusedNumbers() {
        List<Long> others = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            others.add(push("a", "" + i));
            push("b", "" + i);
            core.jdbc().queryForObject("SELECT nextval('device_event_id')", Long.class);
        }

        for (Long id : others) {
            events.acknowledge("b", List.of(id));
        }

        assertThat(ranges("b")).isEqualTo(1);
        assertThat(ids(read("b", 0, 10))).isEmpty();
        long next = push("a", "21");
        assertThat(ids(read("b", 0, 10))).containsExactly(next);
    }

    @Test
    void aLongRowOfOwnEventsIsReadOnceOnly() {
        insert("b", 5_000);
        assertThat(read("b", 0, 10).events()).isEmpty();
        assertThat(ranges("b")).isEqualTo(1);

        long others = push("a", "1");
        assertThat(ids(read("b", 0, 10))).containsExactly(others);
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 30_000})
    void aPageIsOneStatementThatReadsWhatIsInItHoweverManyEventsWait(int waiting) {
        insert("a", waiting);
        events.acknowledge("b", LongStream.rangeClosed(1, 50).filter(n -> n % 5 == 0).boxed().toList());
        core.jdbc().execute("ANALYZE");
        Instant since = core.jdbc().queryForObject("SELECT accepted_at FROM device_event WHERE event_id = 21", Timestamp.class).toInstant();
        int limit = 20;

        assertThat(cost(new FeedQuery("b", 0, null, false, limit))).satisfies(page -> page.isOneReadOf(limit, 1L, 24L));
        assertThat(cost(new FeedQuery("b", 30, null, false, limit))).satisfies(page -> page.isOneReadOf(limit, 31L, 54L));
        assertThat(cost(new FeedQuery("b", 0, since, false, limit))).satisfies(page -> page.isOneReadOf(limit, 21L, 44L));
        assertThat(cost(new FeedQuery("b", 0, null, true, limit))).satisfies(page -> page.isOneReadOf(limit, 1L, 24L));
        assertThat(cost(new FeedQuery("b", waiting, null, false, limit)).statements()).as("behind the last event").isEqualTo(1);
    }

    /** What a page had the database do. */
    private record Cost(List<Long> events, int statements, long rowsRead) {

        void isOneReadOf(int limit, Long first, Long last) {
            assertThat(events).hasSize(limit).startsWith(first).endsWith(last);
            assertThat(statements).isEqualTo(1);
            // One row more tells whether there is a next page; the gaps between what is acknowledged are read one by one.
            assertThat(rowsRead).isLessThan(3L * limit);
        }
    }

    private Cost cost(FeedQuery query) {
        StatementCount counted = new StatementCount(core.bean(DataSource.class));
        List<Long> page = ids(new Feed(new JdbcTemplate(counted)).read(query));
        TransactionTemplate transaction = new TransactionTemplate(core.bean(PlatformTransactionManager.class));
        // On one connection, whose own counts these are.
        Long rowsRead = transaction.execute(status -> {
            long before = rowsRead();
            events.read(query);
            return rowsRead() - before;
        });
        return new Cost(page, counted.statements(), rowsRead);
    }

    private long rowsRead() {
        return core.jdbc().queryForObject(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'device_event'", Long.class);
    }

    @Test
    void anEventThatCommitsLateIsNotPassedBy() throws Exception {
        try (Connection late = core.bean(DataSource.class).getConnection(); Statement statement = late.createStatement()) {
            late.setAutoCommit(false);
            statement.execute("""
                    SELECT accept_device_events(now(), now(), '{NULL}', '{NULL}', '{late}', '{NULL}', '{t}', '{NULL}', '{x}', '{f}', '{0}',
                        '{"{}"}')""");
            CompletableFuture<Receipt> early = events.accept(event("early", "1", null));
            Awaitility.await().until(() -> waiting() == 1);
            assertThat(read("b", 0, 10).events()).isEmpty();

            late.commit();

            early.join();
            assertThat(read("b", 0, 10).events()).extracting(DeviceEvent::deviceId).containsExactly("late", "early");
        }
    }

    @Test
    void theSameKeyHasOneEffectAndAnotherRequestUnderItIsTold() {
        Receipt first = events.accept(event("a", "1", "k1")).join();
        Receipt again = events.accept(event("a", "1", "k1")).join();
        Receipt other = events.accept(event("a", "2", "k1")).join();
        Receipt elsewhere = events.accept(event("c", "1", "k1")).join();

        assertThat(again).isEqualTo(new Receipt(first.eventId(), true, true));
        assertThat(other).isEqualTo(new Receipt(first.eventId(), true, false));
        assertThat(elsewhere.repeated()).isFalse();
        assertThat(ids(read("b", 0, 10))).containsExactly(first.eventId(), elsewhere.eventId());
        assertThat(core.ledger().report(null, null, 10)).satisfies(report -> {
            assertThat(report.balanced()).isTrue();
            assertThat(report.total().accepted()).isEqualTo(4);
        });
    }

    @Test
    void concurrentRepetitionsOfOneKeyAreOneEvent() {
        List<CompletableFuture<Receipt>> receipts =
                IntStream.range(0, 50).mapToObj(i -> events.accept(event("a", "1", "same"))).toList();

        assertThat(receipts.stream().map(r -> r.join().eventId()).distinct()).hasSize(1);
        assertThat(receipts.stream().filter(r -> !r.join().repeated())).hasSize(1);
        assertThat(read("b", 0, 10).events()).hasSize(1);
    }

    @Test
    void sinceNarrowsByTheTimeOfAcceptance() {
        push("a", "1");
        core.clock.advance(Duration.ofMinutes(1));
        Instant since = core.clock.instant();
        long second = push("a", "2");

        assertThat(ids(events.read(new FeedQuery("b", 0, since, false, 10)))).containsExactly(second);
        assertThat(ids(events.read(new FeedQuery("b", 0, since.plusSeconds(1), false, 10)))).isEmpty();
        assertThat(ids(read("b", 0, 10))).hasSize(2);
    }

    @Test
    void theTimeOfAcceptanceNeverRunsBackwards() {
        push("a", "1");
        core.clock.advance(Duration.ofMinutes(-5));
        push("a", "2");

        assertThat(read("b", 0, 10).events()).extracting(DeviceEvent::acceptedAt).isSorted();
    }

    @Test
    void anOrderBecomesAChangeOfItsRecordOnce() {
        NewEvent order = new NewEvent(
                "pos-7", "ada", NewEvent.ORDER_CREATED, null, json("{\"order_id\":41,\"total\":12.50}"), "anonymous", "o-41", false);
        events.accept(order).join();
        events.accept(order).join();
        core.drain();

        assertThat(core.jdbc().queryForList(
                        "SELECT record_key, source, payload->>'terminal_id' AS terminal, payload->>'total' AS total FROM record"))
                .singleElement()
                .satisfies(row -> assertThat(row)
                        .containsEntry("record_key", "41")
                        .containsEntry("source", "pos-7")
                        .containsEntry("terminal", "pos-7")
                        .containsEntry("total", "12.50"));
        assertThat(core.ledger().report(null, null, 10).balanced()).isTrue();
        assertThat(core.jdbc().queryForObject("SELECT count(*) FROM journal", Long.class)).isEqualTo(1);
    }

    @Test
    void liveEventsCanBeReadAlone() {
        push("a", "1");
        NewEvent critical = new NewEvent("a", null, "stock_update", null, json("{\"n\":2}"), "anonymous", null, true);
        long id = events.accept(critical).join().eventId();

        assertThat(ids(events.read(new FeedQuery("b", 0, null, true, 10)))).containsExactly(id);
        assertThat(events.find(List.of(id))).singleElement().extracting(DeviceEvent::live).isEqualTo(true);
        assertThat(events.between(1, id, 10)).hasSize(2);
    }

    @Test
    void oldEventsAreForgotten() {
        push("a", "1");
        core.clock.advance(Duration.ofDays(399));
        long kept = push("a", "2");
        core.clock.advance(Duration.ofDays(2));

        events.forgetOld();

        assertThat(ids(read("b", 0, 10))).containsExactly(kept);
    }

    private long push(String device, String n) {
        return events.accept(event(device, n, null)).join().eventId();
    }

    /** Writes many events at once, each a moment after the one before. */
    private void insert(String device, int count) {
        core.jdbc().update("""
                INSERT INTO device_event (event_id, accepted_at, device_id, event_type, caller, live, hash, payload)
                SELECT nextval('device_event_id'), now() + make_interval(secs => n * 0.001), ?, 't', 'c', true, 0, '{}'
                FROM generate_series(1, ?) AS n ORDER BY n""", device, count);
    }

    private static NewEvent event(String device, String n, String key) {
        return new NewEvent(device, null, "stock_update", null, json("{\"n\":" + n + "}"), "anonymous", key, false);
    }

    private FeedPage read(String device, long after, int limit) {
        return events.read(new FeedQuery(device, after, null, false, limit));
    }

    private static List<Long> ids(FeedPage page) {
        return page.events().stream().map(DeviceEvent::eventId).toList();
    }

    private int ranges(String device) {
        return core.jdbc().queryForObject(
                "SELECT count(*) FROM device_feed, unnest(acknowledged) WHERE device_id = ?", Integer.class, device);
    }

    private int waiting() throws SQLException {
        return core.jdbc().queryForObject("""
                SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = 7302 AND NOT granted
                AND database = (SELECT oid FROM pg_database WHERE datname = current_database())""", Integer.class);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
