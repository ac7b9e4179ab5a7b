package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.store.StoreEvents.StoreEvent;
import dev.serai.store.StoreEvents.Told;
import dev.serai.testing.Core;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreEventsTest {

    private final Core core = new Core();
    private final StoreEvents events = core.bean(StoreEvents.class);

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void eventsComeInTheirOrderAndOfOneStoreWhereOneIsAskedFor() {
        tell("s1", "a");
        events.tell(List.of(event("s1", "b"), event("s2", "c"), event("s1", "d")));

        assertThat(events.after(0, 10)).extracting(Told::event).containsExactly("a", "b", "c", "d");
        assertThat(events.after("s1", 0, 10)).extracting(Told::event).containsExactly("a", "b", "d");
        assertThat(events.after("s1", events.after(0, 2).get(1).position(), 10)).extracting(Told::event).containsExactly("d");
        assertThat(events.newest()).isEqualTo(events.after(0, 10).get(3).position());
    }

    @Test
    void anEventOfATransactionThatBeganBeforeIsWaitedFor() throws SQLException {
        try (Connection slow = begun(); Connection quick = begun()) {
            insert(quick, "quick");
            quick.commit();
            assertThat(events.after(0, 10)).isEmpty();

            insert(slow, "slow");
            slow.commit();
            assertThat(events.after(0, 10)).extracting(Told::event).containsExactly("slow", "quick");
        }
    }

    @Test
    void anEventThatCommitsLateStandsBehindWhatWasReadBefore() throws SQLException {
        try (Connection first = begun(); Connection second = begun()) {
            insert(second, "second");
            insert(first, "first");
            first.commit();
            List<Told> read = events.after(0, 10);
            assertThat(read).extracting(Told::event).containsExactly("first");

            second.commit();
            assertThat(events.after(read.get(0).position(), 10)).extracting(Told::event).containsExactly("second");
        }
    }

    @Test
    void whatIsTooOldIsForgotten() {
        tell("s1", "old");
        core.clock.advance(Duration.ofHours(23));
        tell("s1", "new");
        core.clock.advance(Duration.ofHours(2));

        events.forgetOld();

        assertThat(events.after(0, 10)).extracting(Told::event).containsExactly("new");
    }

    @Test
    void nothingIsToldWhereTheTransactionIsRolledBack() throws SQLException {
        try (Connection connection = begun()) {
            insert(connection, "never");
            connection.rollback();
        }
        IntStream.range(0, 3).forEach(i -> tell("s1", "e" + i));

        assertThat(events.after(0, 10)).extracting(Told::event).containsExactly("e0", "e1", "e2");
    }

    /** A transaction that has written something. */
    private Connection begun() throws SQLException {
        Connection connection = core.bean(DataSource.class).getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_current_xact_id()");
        }
        return connection;
    }

    private static void insert(Connection connection, String event) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO store_event (store_id, event, data, at) VALUES ('s1', '" + event + "', '{}', now())");
        }
    }

    private void tell(String store, String event) {
        events.tell(List.of(event(store, event)));
    }

    private static StoreEvent event(String store, String event) {
        return new StoreEvent(store, event, JsonNodeFactory.instance.objectNode());
    }
}
