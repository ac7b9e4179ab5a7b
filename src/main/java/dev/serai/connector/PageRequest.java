package dev.serai.connector;

import dev.serai.run.Position;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.web.util.UriUtils;

/** Which request reads the page at a position, and which position follows an answer. */
final class PageRequest {

    private final Connector connector;
    private final int pageSize;

    PageRequest(Connector connector, int pageSize) {
        this.connector = connector;
        this.pageSize = pageSize;
    }

    /** The address of the page at this position. */
    URI address(Position position) {
        if (connector.paging() == Connector.Paging.LINK && position.next() != null) {
            return URI.create(position.next());
        }
        Map<String, String> parameters = new LinkedHashMap<>();
        switch (connector.paging()) {
            case PAGE_NUMBER -> parameters.put(connector.pageParam(), String.valueOf(position.pages() + 1));
            case OFFSET -> parameters.put(connector.offsetParam(), String.valueOf(position.answerStart().records()));
            case CURSOR -> {
                if (position.next() != null) {
                    parameters.put(connector.cursorParam(), UriUtils.encode(position.next(), StandardCharsets.UTF_8));
                }
            }
            case LINK -> {}
        }
        parameters.put(connector.sizeParam(), String.valueOf(pageSize));
        if (position.since() != null) {
            parameters.put(connector.sinceParam(), position.since().toString());
        }
        return Address.with(connector.url(), parameters);
    }

    /**
     * How the source's next page is found from this answer: empty where it was the last.
     *
     * @throws MalformedPage where the source leads in a circle, or away from itself, or nowhere though it has more
     */
    Optional<String> next(Position position, PageParser.Parsed parsed, String linkHeader) {
        return switch (connector.paging()) {
            case PAGE_NUMBER, OFFSET -> hasMore(parsed) ? Optional.of("") : Optional.empty();
            case CURSOR -> cursor(position, parsed);
            case LINK -> link(position, parsed, linkHeader);
        };
    }

    /** Whether an answer that begins with this page is the one before once more: then the source does not know the page's parameter. */
    boolean repeats(Position position, ReadRecords first) {
        boolean byNumber = connector.paging() == Connector.Paging.PAGE_NUMBER || connector.paging() == Connector.Paging.OFFSET;
        return byNumber
                && position.partly() == null
                && position.opening() != null
                && position.opening() == first.hash()
                && first.size() > 0;
    }

    private boolean hasMore(PageParser.Parsed parsed) {
        if (parsed.hasMore() == null) {
            return parsed.records() >= pageSize;
        }
        if (parsed.hasMore() && parsed.records() == 0) {
            throw new MalformedPage("it is empty, yet says that there are more");
        }
        return parsed.hasMore();
    }

    private Optional<String> cursor(Position position, PageParser.Parsed parsed) {
        String next = parsed.nextCursor();
        if (next == null || next.isEmpty() || Boolean.FALSE.equals(parsed.hasMore())) {
            return end(parsed, "no text or number as " + connector.cursorField());
        }
        if (next.equals(position.next())) {
            throw new MalformedPage("its next cursor is its own: " + next);
        }
        return Optional.of(next);
    }

    /** The last page, as long as the source does not say otherwise: what it still has would count as gone. */
    private static Optional<String> end(PageParser.Parsed parsed, String missing) {
        if (Boolean.TRUE.equals(parsed.hasMore())) {
            throw new MalformedPage("it has " + missing + ", yet says that there are more");
        }
        return Optional.empty();
    }

    private Optional<String> link(Position position, PageParser.Parsed parsed, String header) {
        Optional<String> target = LinkHeader.next(header);
        if (target.isEmpty()) {
            return end(parsed, "no Link header with rel=next");
        }
        URI here = address(position);
        URI next = Address.resolve(here, target.get());
        if (next.equals(here)) {
            throw new MalformedPage("its Link header leads back to itself");
        }
        if (!sameOrigin(here, next)) {
            throw new MalformedPage("its Link header leads to another server: " + next.getScheme() + "://" + next.getAuthority());
        }
        return Optional.of(next.toString());
    }

    /** Credentials go along to the next page: never to a server that was not configured. */
    private static boolean sameOrigin(URI a, URI b) {
        return a.getScheme().equalsIgnoreCase(b.getScheme()) && a.getAuthority().equalsIgnoreCase(b.getAuthority());
    }
}
