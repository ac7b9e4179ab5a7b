package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.change.Change;
import dev.serai.connector.Pull.ReadPage;
import dev.serai.run.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Answers that are longer than a page, that break off, and that are not what they were before. */
class AnswerReadingTest {

    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");
    private static final int PAGE_SIZE = 10;

    private final List<ReadPage> pages = new ArrayList<>();

    @Test
    void anAnswerLongerThanAPageComesInPages() throws IOException {
        Position end = read(answer(1, 25), start());

        assertThat(pages).extracting(p -> p.page().size()).containsExactly(10, 10, 5);
        assertThat(keys()).isEqualTo(numbers(1, 25));
        assertThat(pages).extracting(p -> p.following().pages()).containsExactly(0L, 0L, 1L);
        assertThat(end.records()).isEqualTo(25);
        assertThat(end.ended()).isFalse();
    }

    @Test
    void anAnswerThatBreaksOffGoesOnWhereItEnded() throws IOException {
        AnswerReading reading = reading(start());
        assertThatThrownBy(() -> reading.read(broken(answer(1, 25)), null)).isInstanceOf(IOException.class);
        assertThat(keys()).isEqualTo(numbers(1, 20));

        reading.read(answer(1, 25), null);

        assertThat(keys()).isEqualTo(numbers(1, 25));
        assertThat(reading.position().partly()).isNull();
    }

    @Test
    void anAnswerThatBeginsOtherwiseThanBeforeIsReadFromItsBeginning() {
        AnswerReading reading = reading(start());
        assertThatThrownBy(() -> reading.read(broken(answer(1, 25)), null)).isInstanceOf(IOException.class);

        assertThatThrownBy(() -> reading.read(answer(2, 25), null)).isInstanceOf(IOException.class).hasMessageContaining("other records");
        assertThat(reading.position().records()).isZero();
        assertThatThrownBy(() -> reading.read(broken(answer(1, 25)), null)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> reading.read(answer(1, 15), null)).isInstanceOf(IOException.class).hasMessageContaining("other records");
    }

    @Test
    void aSourceThatAnswersEverythingWhicheverPageItIsAskedForIsReadOnce() throws IOException {
        Position first = read(answer(1, 20), start());
        assertThat(first.ended()).isFalse();

        Position second = read(answer(1, 20), first);

        assertThat(second.ended()).isTrue();
        assertThat(keys()).isEqualTo(numbers(1, 20));
        assertThat(second.records()).isEqualTo(20);
    }

    @Test
    void aSourceThatRepeatsItselfAndPromisesMoreIsMalformed() throws IOException {
        InputStream[] same = IntStream.range(0, 2).mapToObj(i -> stream("{\"items\": [{\"id\": 1}], \"has_more\": true}")).toArray(InputStream[]::new);
        Position first = read(same[0], start());

        assertThatThrownBy(() -> read(same[1], first)).isInstanceOf(MalformedPage.class).hasMessageContaining("same as the page before");
    }

    @Test
    void anAnswerOfExactlyAPageIsFollowedByAnotherRequest() throws IOException {
        Position first = read(answer(1, 10), start());
        Position second = read(answer(11, 12), first);

        assertThat(first.ended()).isFalse();
        assertThat(second.ended()).isTrue();
        assertThat(keys()).isEqualTo(numbers(1, 12));
    }

    @Test
    void aPageOfLargeRecordsHasFewerOfThem() throws IOException {
        read(stream(IntStream.rangeClosed(1, 9).mapToObj(i -> "{\"id\": " + i + ", \"text\": \"" + "x".repeat(40_000) + "\"}")
                .collect(Collectors.joining(",", "[", "]"))), start());

        assertThat(pages).extracting(p -> p.page().size()).containsExactly(3, 3, 3);
    }

    @Test
    void aRecordThatIsTooLargeIsMalformed() {
        assertThatThrownBy(() -> read(stream("[{\"id\": 1, \"text\": \"" + "x".repeat(200_000) + "\"}]"), start()))
                .isInstanceOf(MalformedPage.class)
                .hasMessageContaining("serai.connectors.max-page-bytes");
    }

    private Position read(InputStream answer, Position position) throws IOException {
        AnswerReading reading = reading(position);
        reading.read(answer, null);
        return reading.position();
    }

    private AnswerReading reading(Position position) {
        Connector connector = Connector.of("x", Map.of("url", "http://erp.example/items"));
        Mapping mapping = new Mapping("x", null, UUID.randomUUID(), "items", List.of("id"), "updated_at", null, BEGUN);
        return new AnswerReading(
                new PageRequest(connector, PAGE_SIZE), new PageParser(connector, 100_000), mapping, PAGE_SIZE, position, pages::add);
    }

    private static Position start() {
        return Position.start(null, BEGUN);
    }

    private List<String> keys() {
        return pages.stream().flatMap(p -> p.page().changes().stream()).map(Change::key).toList();
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(Integer::toString).toList();
    }

    private static InputStream answer(int from, int to) {
        return stream(numbers(from, to).stream().map(i -> "{\"id\": " + i + ", \"name\": \"ünit " + i + "\"}").collect(Collectors.joining(", ", "[", "]")));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer without its last bytes, then a connection that is gone. */
    private static InputStream broken(InputStream answer) throws IOException {
        byte[] all = answer.readAllBytes();
        return new SequenceInputStream(new ByteArrayInputStream(all, 0, all.length - 20), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Connection reset");
            }
        });
    }
}
