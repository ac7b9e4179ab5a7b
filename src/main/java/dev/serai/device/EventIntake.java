package dev.serai.device;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.Change;
import dev.serai.change.ContentHash;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import dev.serai.device.DeviceEvents.Receipt;
import dev.serai.journal.JournalIntake;
import dev.serai.record.Wake;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Writes a batch of events by one statement and one commit; the orders among them become changes within the same commit. */
@Component
class EventIntake {

    private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);

    private static final String ACCEPT = """
            SELECT first_id, moment, repeated FROM accept_device_events(?, ?, ?, ?, ?, ?, ?, ?::text[]::timestamptz[], ?, ?, ?, ?)""";

    private static final String ORIGINALS = """
            SELECT s.source, s.event_id, s.seq, e.hash
            FROM unnest(?::text[], ?::text[]) AS k(source, key) JOIN event_seen s ON s.source = k.source AND s.event_id = k.key
            LEFT JOIN device_event e ON e.event_id = s.seq""";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;
    private final JournalIntake journal;
    private final Wake wake;
    private final ObjectProvider<EventsAccepted> listeners;
    private final Clock clock;
    private final Duration remembered;
    /** Found at the first event: who listens may itself need the events. */
    private List<EventsAccepted> told;

    EventIntake(
            JdbcTemplate jdbc,
            PlatformTransactionManager transactions,
            JournalIntake journal,
            Wake wake,
            ObjectProvider<EventsAccepted> listeners,
            Clock clock,
            @Value("${serai.journal.remember-events}") Duration remembered) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        this.journal = journal;
        this.wake = wake;
        this.listeners = listeners;
        this.clock = clock;
        this.remembered = remembered;
    }

    /** What the statement answers. */
    private record Numbers(long first, Instant moment, List<Long> repeated) {

        boolean isNew(int index) {
            return !repeated.contains(index + 1L);
        }
    }

    private record Original(long eventId, Long hash) {}

    private record Key(String space, String key) {}

    List<Receipt> accept(List<NewEvent> events) {
        Instant now = clock.instant();
        boolean orders = events.stream().anyMatch(OrderChanges::isOrder);
        Numbers numbers = orders ? withOrders(events, now) : write(events, now);
        if (orders) {
            wake.applyChanges();
        }
        tell(events, numbers);
        Map<Key, Original> originals = numbers.repeated().isEmpty() ? Map.of() : originals(events, numbers);
        List<Receipt> receipts = new ArrayList<>(events.size());
        for (int i = 0; i < events.size(); i++) {
            receipts.add(receipt(events.get(i), i, numbers, originals));
        }
        return receipts;
    }

    private Receipt receipt(NewEvent event, int index, Numbers numbers, Map<Key, Original> originals) {
        if (numbers.isNew(index)) {
            return new Receipt(numbers.first() + index, false, true);
        }
        Original original = originals.get(new Key(event.keySpace(), event.idempotencyKey()));
        if (original == null) {
            // Its time was over between the two statements.
            return accept(List.of(event)).get(0);
        }
        return new Receipt(original.eventId(), true, original.hash() == null || original.hash() == hash(event));
    }

    private Numbers withOrders(List<NewEvent> events, Instant now) {
        return transaction.execute(status -> {
            // The lock on the numbers lasts until the commit: a hub that hangs before it must not stop the others for long.
            jdbc.execute("SET LOCAL idle_in_transaction_session_timeout = '5s'");
            Numbers numbers = write(events, now);
            List<List<Change>> changes = new ArrayList<>();
            for (int i = 0; i < events.size(); i++) {
                if (OrderChanges.isOrder(events.get(i)) && numbers.isNew(i)) {
                    changes.add(List.of(OrderChanges.of(events.get(i), numbers.first() + i, numbers.moment())));
                }
            }
            if (!changes.isEmpty()) {
                journal.append(changes, now);
            }
            return numbers;
        });
    }

    private Numbers write(List<NewEvent> events, Instant now) {
        return jdbc.query(
                ACCEPT,
                ps -> Bind.to(ps)
                        .at(now)
                        .at(now.plus(remembered))
                        .texts(events, e -> e.idempotencyKey() == null ? null : e.keySpace())
                        .texts(events, NewEvent::idempotencyKey)
                        .texts(events, NewEvent::deviceId)
                        .texts(events, NewEvent::userId)
                        .texts(events, NewEvent::eventType)
                        .instants(events, NewEvent::happenedAt)
                        .texts(events, NewEvent::caller)
                        .flags(events, NewEvent::live)
                        .numbers(events, e -> e.idempotencyKey() == null ? 0 : hash(e))
                        .texts(events, e -> e.payload().toString()),
                rs -> {
                    rs.next();
                    return new Numbers(rs.getLong(1), Columns.instant(rs, 2), longs(rs.getArray(3)));
                });
    }

    private static List<Long> longs(Array array) throws SQLException {
        return List.of((Long[]) array.getArray());
    }

    private Map<Key, Original> originals(List<NewEvent> events, Numbers numbers) {
        List<NewEvent> repeated = numbers.repeated().stream().map(place -> events.get(place.intValue() - 1)).toList();
        Map<Key, Original> originals = new HashMap<>();
        jdbc.query(
                ORIGINALS,
                ps -> Bind.to(ps).texts(repeated, NewEvent::keySpace).texts(repeated, NewEvent::idempotencyKey),
                rs -> {
                    originals.put(
                            new Key(rs.getString(1), rs.getString(2)), new Original(rs.getLong(3), rs.getObject(4, Long.class)));
                });
        return originals;
    }

    /** What a listener throws is its own affair: the events are accepted. */
    private void tell(List<NewEvent> events, Numbers numbers) {
        if (told == null) {
            told = listeners.orderedStream().toList();
        }
        if (told.isEmpty()) {
            return;
        }
        List<DeviceEvent> accepted = IntStream.range(0, events.size())
                .filter(numbers::isNew)
                .mapToObj(i -> accepted(events.get(i), numbers.first() + i, numbers.moment()))
                .toList();
        for (EventsAccepted listener : accepted.isEmpty() ? List.<EventsAccepted>of() : told) {
            try {
                listener.accepted(accepted);
            } catch (RuntimeException e) {
                LOG.error("Events from {} on are accepted, but {} failed when it was told", numbers.first(), listener, e);
            }
        }
    }

    private static DeviceEvent accepted(NewEvent event, long eventId, Instant moment) {
        return new DeviceEvent(
                eventId, moment, event.deviceId(), event.userId(), event.eventType(),
                event.happenedAt() == null ? moment : event.happenedAt(), event.payload().toString(), event.live());
    }

    /** Of all that a request says. */
    private static long hash(NewEvent event) {
        ContentHash hash = new ContentHash();
        add(hash, "event_type", event.eventType());
        add(hash, "device_id", event.deviceId());
        add(hash, "user_id", event.userId());
        add(hash, "timestamp", event.happenedAt());
        event.payload().fields().forEachRemaining(field -> add(hash, "payload." + field.getKey(), field.getValue()));
        return hash.value();
    }

    private static void add(ContentHash hash, String name, Object value) {
        if (value != null) {
            byte[] bytes = (value instanceof JsonNode ? value : "\"" + value).toString().getBytes(StandardCharsets.UTF_8);
            hash.add(name, bytes, 0, bytes.length);
        }
    }
}
