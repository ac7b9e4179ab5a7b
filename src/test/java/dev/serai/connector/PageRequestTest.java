package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.connector.PageParser.Parsed;
import dev.serai.record.Page;
import dev.serai.run.Position;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PageRequestTest {

    private static final Instant BEGUN = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void asksByPageNumberWithTheTimeOfTheLastSync() {
        Position second = Position.start(Instant.parse("2025-12-31T23:59:00Z"), BEGUN).after(2, 0, null, null, false);
        assertThat(request("page-number").address(second))
                .hasToString("http://erp.example/items?a=b&page=2&page_size=2&updated_since=2025-12-31T23:59:00Z");
    }

    @Test
    void asksByOffset() {
        Position second = Position.start(null, BEGUN).after(2, 0, null, null, false);
        assertThat(request("offset").address(second)).hasToString("http://erp.example/items?a=b&offset=2&page_size=2");
    }

    @Test
    void asksByCursorWhateverCharactersItHas() {
        Position second = Position.start(null, BEGUN).after(2, 0, "a b&c=/+{}", null, false);
        assertThat(request("cursor").address(second).getRawQuery()).startsWith("a=b&cursor=a%20b%26c%3D%2F%2B%7B%7D&");
    }

    @Test
    void whatIsEscapedInAnAddressIsSentAsItIsAndTheRestIsEscaped() {
        assertThat(address("http://erp.example/a%2Fb/%C3%A9 \u00e9?$filter=state%20eq%20'open'&q=a+b&r={x}|[1]&p=100%&s=a=b&t#top"))
                .isEqualTo("http://erp.example/a%2Fb/%C3%A9%20%C3%A9?$filter=state%20eq%20'open'&q=a+b&r=%7Bx%7D%7C%5B1%5D&p=100%25&s=a=b&t"
                        + "&page=1&page_size=2");
        assertThat(address("http://[::1]:8080/items?")).isEqualTo("http://[::1]:8080/items?page=1&page_size=2");
    }

    @Test
    void aParameterOfOursReplacesOneOfTheSameNameInTheAddress() {
        assertThat(address("http://erp.example/items?page=9&a=b&page%5Fsize=3")).isEqualTo("http://erp.example/items?a=b&page=1&page_size=2");
    }

    @Test
    void aLinkMayBeAQueryAloneOrNotEscaped() {
        PageRequest link = request("link");
        assertThat(link.next(start(), parsed(2, null, null), "<?after=9>; rel=next")).contains("http://erp.example/items?after=9");
        assertThat(link.next(start(), parsed(2, null, null), "</items?q=a b%20c>; rel=next")).contains("http://erp.example/items?q=a%20b%20c");
    }

    private static String address(String url) {
        return new PageRequest(Connector.of("x", Map.of("url", url)), 2).address(start()).toString();
    }

    @Test
    void aShortPageIsTheLastWhereTheSourceDoesNotSay() {
        assertThat(request("page-number").next(start(), parsed(1, null, null), null)).isEmpty();
        assertThat(request("page-number").next(start(), parsed(1, true, null), null)).isPresent();
        assertThat(request("page-number").next(start(), parsed(0, false, null), null)).isEmpty();
    }

    @Test
    void followsALinkOfTheSameServerOnly() {
        PageRequest link = request("link");
        assertThat(link.next(start(), parsed(2, null, null), "</items?after=9>; rel=\"next\", </items>; rel=first"))
                .isEqualTo(Optional.of("http://erp.example/items?after=9"));
        assertThat(link.next(start(), parsed(2, null, null), "</items>; rel=first")).isEmpty();
        assertThatThrownBy(() -> link.next(start(), parsed(2, null, null), "<http://evil.example/>; rel=next"))
                .isInstanceOf(MalformedPage.class);
    }

    @Test
    void aSourceThatLeadsInACircleIsFoundOut() {
        Position second = start().after(2, 0, "c", null, false);
        assertThatThrownBy(() -> request("cursor").next(second, parsed(2, null, "c"), null)).isInstanceOf(MalformedPage.class);
        assertThatThrownBy(() -> request("page-number").next(start(), parsed(0, true, null), null)).isInstanceOf(MalformedPage.class);
    }

    @Test
    void aSourceThatHasMoreButDoesNotSayWhereIsMalformed() {
        for (String none : new String[] {null, ""}) {
            assertThatThrownBy(() -> request("cursor").next(start(), parsed(2, true, none), null))
                    .isInstanceOf(MalformedPage.class).hasMessage("it has no text or number as next_cursor, yet says that there are more");
        }
        assertThatThrownBy(() -> request("link").next(start(), parsed(2, true, null), "</items>; rel=first"))
                .isInstanceOf(MalformedPage.class).hasMessage("it has no Link header with rel=next, yet says that there are more");
        assertThat(request("cursor").next(start(), parsed(2, null, null), null)).isEmpty();
        assertThat(request("cursor").next(start(), parsed(2, false, "c"), null)).isEmpty();
        assertThat(request("link").next(start(), parsed(2, false, null), null)).isEmpty();
    }

    @Test
    void anUnknownPagingStyleIsNamed() {
        assertThatThrownBy(() -> Connector.of("x", Map.of("paging", "pages"))).hasMessageContaining("paging").hasMessageContaining("pages");
    }

    @Test
    void aKeyFieldIsNamedOnce() {
        assertThatThrownBy(() -> Connector.of("x", Map.of("keys", "id, no, id"))).hasMessageContaining("keys: id, no, id");
    }

    private static Position start() {
        return Position.start(null, BEGUN);
    }

    private static Parsed parsed(int rows, Boolean hasMore, String cursor) {
        ReadRecords records = new ReadRecords(new Page("items", Collections.nCopies(rows, null), List.of()), null, rows);
        return new Parsed(records, rows, hasMore, cursor);
    }

    private static PageRequest request(String paging) {
        return new PageRequest(Connector.of("x", Map.of("url", "http://erp.example/items?a=b", "paging", paging)), 2);
    }
}
