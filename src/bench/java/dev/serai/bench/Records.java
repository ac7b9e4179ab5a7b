package dev.serai.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Made-up records of about 300 bytes in pages; {@code edition} 0 is the first content, every other one differs in some of the records. */
record Records(int count, int pageSize, int edition, int everyNthChanged) {

    /** The first content of so many records. */
    static Records first(int count, int pageSize) {
        return new Records(count, pageSize, 0, 1);
    }

    /** The same records, of which every n-th has new content. */
    Records changed(int edition, int everyNth) {
        return new Records(count, pageSize, edition, everyNth);
    }

    int pages() {
        return (count + pageSize - 1) / pageSize;
    }

    /** A page as the source sends it; empty behind the last. Pages count from 1. */
    byte[] json(int page) {
        return ("[" + String.join(",", payloads(page)) + "]").getBytes(StandardCharsets.UTF_8);
    }

    List<String> keys(int page) {
        List<String> keys = new ArrayList<>(pageSize);
        for (int i = from(page); i < to(page); i++) {
            keys.add(key(i));
        }
        return keys;
    }

    List<String> payloads(int page) {
        List<String> payloads = new ArrayList<>(pageSize);
        for (int i = from(page); i < to(page); i++) {
            payloads.add(payload(i));
        }
        return payloads;
    }

    private int from(int page) {
        return (page - 1) * pageSize;
    }

    private int to(int page) {
        return Math.min(count, page * pageSize);
    }

    private static String key(int i) {
        return String.format(Locale.ROOT, "C-%08d", i);
    }

    private String payload(int i) {
        int content = i % everyNthChanged == 0 ? edition : 0;
        return String.format(
                Locale.ROOT,
                "{\"id\":\"%s\",\"name\":\"Customer number %d\",\"email\":\"customer.%d@example.org\",\"active\":%b,"
                        + "\"address\":{\"street\":\"%d Long Street\",\"city\":\"Isfahan\",\"zip\":\"%05d\",\"country\":\"IR\"},"
                        + "\"credit\":%d.%02d,\"edition\":%d,\"notes\":\"Pays at the end of the month, comes by camel\","
                        + "\"updated_at\":\"2026-01-%02dT%02d:%02d:00Z\"}",
                key(i), i, i, i % 3 == 0, i % 990, i % 99_999, i % 5_000, i % 100, content,
                Math.min(28, 1 + content), i / 60 % 24, i % 60);
    }
}
