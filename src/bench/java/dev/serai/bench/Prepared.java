package dev.serai.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Pages that are made before the clock runs: as bytes for the source, and as arrays for the reference, which so needs no parser. */
record Prepared(List<Page> pages) {

    private static final byte[] NONE = "[]".getBytes(StandardCharsets.UTF_8);

    record Page(byte[] json, String[] keys, String[] payloads, long[] hashes) {}

    static Prepared of(Records records) {
        List<Page> pages = new ArrayList<>();
        for (int page = 1; page <= records.pages(); page++) {
            String[] payloads = records.payloads(page).toArray(String[]::new);
            long[] hashes = new long[payloads.length];
            for (int i = 0; i < payloads.length; i++) {
                hashes[i] = hash(payloads[i]);
            }
            pages.add(new Page(records.json(page), records.keys(page).toArray(String[]::new), payloads, hashes));
        }
        return new Prepared(pages);
    }

    byte[] json(int page) {
        return page <= pages.size() ? pages.get(page - 1).json() : NONE;
    }

    private static long hash(String text) {
        long hash = 1125899906842597L;
        for (int i = 0; i < text.length(); i++) {
            hash = 31 * hash + text.charAt(i);
        }
        return hash;
    }
}
