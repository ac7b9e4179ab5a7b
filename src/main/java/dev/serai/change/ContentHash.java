package dev.serai.change;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * A 64-bit hash of a record's content, made of its top-level fields in any order: a source that writes its fields in another order has
 * changed nothing. By chance, one change in 10^19 would be taken for none.
 */
public final class ContentHash {

    /** Field names repeat from record to record; a source with more than this many would only pay for hashing them again. */
    private static final int KNOWN_NAMES = 10_000;

    private static final Map<String, Long> NAMES = new ConcurrentHashMap<>();

    private long sum;

    /** Adds a field with its value as it stands in the JSON text. */
    public void add(String name, byte[] json, int from, int to) {
        sum += mix(hash(json, from, to) ^ Long.rotateLeft(hashOf(name), 17));
    }

    public long value() {
        return sum;
    }

    /** The hash of bytes that are no record with fields. */
    public static long of(byte[] bytes) {
        return hash(bytes, 0, bytes.length);
    }

    private static long hashOf(String name) {
        Long known = NAMES.get(name);
        if (known != null) {
            return known;
        }
        long hash = of(name.getBytes(StandardCharsets.UTF_8));
        if (NAMES.size() < KNOWN_NAMES) {
            NAMES.put(name, hash);
        }
        return hash;
    }

    private static long hash(byte[] bytes, int from, int to) {
        return MurmurHash3.hash128x64(bytes, from, to - from, 0)[0];
    }

    /** MurmurHash3's finalizer: after it, sums of hashes are as evenly spread as the hashes. */
    private static long mix(long hash) {
        long h = hash;
        h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
        h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return h ^ (h >>> 33);
    }
}
