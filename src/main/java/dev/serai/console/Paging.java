package dev.serai.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * One page of a list, and the ways to its neighbours.
 *
 * @param link the list's address with its filters, without the page
 */
record Paging(int page, int pageSize, long total, String link) {

    static final int SIZE = 25;

    /** @param filters names and values in turn; a value that is null or empty is left out */
    static Paging of(int page, long total, String path, String... filters) {
        StringBuilder link = new StringBuilder(path).append('?');
        for (int i = 0; i < filters.length; i += 2) {
            if (filters[i + 1] != null && !filters[i + 1].isEmpty()) {
                link.append(filters[i]).append('=').append(URLEncoder.encode(filters[i + 1], StandardCharsets.UTF_8)).append('&');
            }
        }
        return new Paging(page, SIZE, total, link.toString());
    }

    public int pages() {
        return (int) Math.max(1, (total + pageSize - 1) / pageSize);
    }

    public boolean hasPrevious() {
        return page > 1;
    }

    public boolean hasNext() {
        return page < pages();
    }

    public String to(int other) {
        return link + "page=" + other;
    }
}
