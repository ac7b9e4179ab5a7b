package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.live.Fixture.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LiveTest {

    private final Fixture fixture = new Fixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    private static LiveMessage message(long place) {
        return LiveMessage.of("e", "{\"n\":" + place + "}").at(place);
    }

    private static String frame(long place) {
        return "{\"event\":\"e\",\"data\":{\"n\":" + place + "}}";
    }

    private static List<String> frames(long from, long to) {
        return LongStream.rangeClosed(from, to).mapToObj(LiveTest::frame).toList();
    }

    @Test
    void aMessageReachesItsTopicAndNobodyElse() {
        Peer one = fixture.peer("stores/1");
        Peer two = fixture.peer("stores/2");
        Peer both = fixture.peer("stores/1", "stores/2");

        fixture.live.publish("stores/1", message(1));
        fixture.live.publish("stores/2", message(2));

        await().until(() -> both.frames().size() == 2);
        assertThat(one.frames()).containsExactly(frame(1));
        assertThat(two.frames()).containsExactly(frame(2));
        assertThat(both.frames()).containsExactly(frame(1), frame(2));
    }

    @Test
    void aMessageIsEncodedOnceHoweverManyGetIt() {
        LiveMessage message = message(7);

        assertThat(message.encoded(Encoding.PLAIN)).isSameAs(message.encoded(Encoding.PLAIN));
        assertThat(new String(message.encoded(Encoding.SOCKET_IO))).isEqualTo("42[\"e\",{\"n\":7}]");
        assertThat(new String(message.encoded(Encoding.PLAIN_WITH_ID))).isEqualTo("{\"id\":\"7\",\"event\":\"e\",\"data\":{\"n\":7}}");
    }

    @Test
    void theSenderOfAMessageIsLeftOut() {
        Peer sender = fixture.peer("devices");
        Peer other = fixture.peer("devices");

        fixture.live.publish("devices", List.of(message(1).notTo(sender.session.id()), message(2)));

        await().until(() -> other.frames().size() == 2 && sender.frames().size() == 1);
        assertThat(sender.frames()).containsExactly(frame(2));
    }

    @Test
    void whatGathersWhileAWriteIsUnderWayGoesOutInOne() {
        Peer peer = fixture.peer("devices");
        Peer witness = fixture.peer("devices");
        peer.pause();
        for (int n = 1; n <= 20; n++) {
            fixture.live.publish("devices", message(n));
            int seen = n;
            await().until(() -> witness.frames().size() == seen);
        }
        assertThat(peer.writes).hasSize(1);

        peer.resume();

        assertThat(peer.writes).hasSize(2);
        assertThat(peer.frames()).isEqualTo(frames(1, 20));
    }

    @Test
    void aBurstClosesNobodyWhoReads() {
        Peer peer = fixture.peer("devices");
        for (int n = 1; n <= 991; n += 10) {
            fixture.live.publish("devices", IntStream.range(n, n + 10).mapToObj(LiveTest::message).toList());
        }

        await().until(() -> peer.frames().size() == 1_000);

        assertThat(peer.closed).isEmpty();
        assertThat(peer.frames()).isEqualTo(frames(1, 1_000));
    }

    @Test
    void whoDoesNotReadIsClosedAndDelaysNobody() {
        Peer stuck = fixture.peer("devices");
        Peer other = fixture.peer("devices");
        stuck.pause();
        List<LiveMessage> many = new ArrayList<>();
        IntStream.rangeClosed(1, 102).forEach(n -> many.add(message(n)));

        fixture.live.publish("devices", many.subList(0, 1));
        await().until(() -> stuck.writes.size() == 1);
        fixture.live.publish("devices", many.subList(1, 101));
        await().until(() -> other.frames().size() == 101);
        assertThat(stuck.closed).isEmpty();
        fixture.live.publish("devices", many.subList(101, 102));

        await().until(() -> !stuck.closed.isEmpty());
        assertThat(stuck.closed).containsExactly(CloseCode.TOO_SLOW);
        await().until(() -> other.frames().size() == 102);
        assertThat(fixture.live.subscribers("devices")).isEqualTo(1);
    }

    @Test
    void theBoundIsInBytesToo() {
        Peer stuck = fixture.peer("devices");
        stuck.pause();
        LiveMessage large = LiveMessage.of("e", "\"" + "x".repeat(Fixture.BUFFER / 3) + "\"");

        fixture.live.publish("devices", List.of(large));
        await().until(() -> stuck.writes.size() == 1);
        fixture.live.publish("devices", List.of(large, large, large));

        await().until(() -> stuck.closed.contains(CloseCode.TOO_SLOW));
    }

    @Test
    void whoFollowsGetsWhatItMissedAndThenWhatComesWithoutGapOrRepetition() {
        List<LiveMessage> stored = new ArrayList<>(LongStream.rangeClosed(1, 500).mapToObj(LiveTest::message).toList());
        Peer peer = fixture.peer();
        PageReader reader = (after, limit) -> {
            List<LiveMessage> page = stored.stream().filter(m -> m.position() > after).limit(limit).toList();
            long next = stored.size() + 1L;
            if (next <= 520) {
                // Committed and published while the client reads what was before.
                stored.add(message(next));
                fixture.live.publish("devices", message(next));
            }
            return page;
        };

        peer.session.follow("devices", 10, reader);
        await().until(() -> peer.frames().contains(frame(500)));
        for (long n = stored.size() + 1L; n <= 600; n++) {
            fixture.live.publish("devices", message(n));
        }

        await().until(() -> peer.frames().contains(frame(600)));
        assertThat(peer.frames()).isEqualTo(frames(11, 600));
    }

    @Test
    void whatIsMissedIsReadOnlyAsFastAsTheClientReads() {
        List<Long> asked = new ArrayList<>();
        String padding = "\"" + "x".repeat(1_000) + "\"";
        Peer peer = fixture.peer();
        peer.pause();
        peer.session.follow("devices", 0, (after, limit) -> {
            asked.add(after);
            return LongStream.range(after + 1, Math.min(after + 1 + limit, 101)).mapToObj(n -> LiveMessage.of("e", padding).at(n)).toList();
        });

        await().until(() -> peer.writes.size() == 1);
        assertThat(asked).containsExactly(0L);

        peer.resume();
        await().until(() -> peer.frames().size() == 100);
        assertThat(asked.size()).isGreaterThan(10);
        assertThat(peer.closed).isEmpty();
    }

    @Test
    void aReaderThatFailsClosesTheSessionSoThatTheClientComesAgain() {
        Peer peer = fixture.peer();

        peer.session.follow("devices", 0, (after, limit) -> {
            throw new IllegalStateException("The database is away");
        });

        await().until(() -> peer.closed.equals(List.of(CloseCode.FAILED)));
    }
}
