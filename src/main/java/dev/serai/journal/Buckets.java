package dev.serai.journal;

import static java.lang.Integer.rotateLeft;

import dev.serai.database.Bind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * The queue's buckets, as the database's {@code bucket_of} chooses them. Worked out here, the keys of a batch need not go to the server and
 * back before they are queued.
 */
@Component
class Buckets {

    private static final Logger LOG = LoggerFactory.getLogger(Buckets.class);

    private static final int BUCKETS = 64;
    private static final int BLOCK = 3 * Integer.BYTES;
    private static final int START = 0x9e3779b9 + 3_923_095;

    private static final String SAMPLE_TYPE = "sample";
    /** Of all lengths that a block can have over. */
    private static final List<String> SAMPLE_KEYS = IntStream.range(0, 24).mapToObj("é"::repeat).toList();

    private static final String ARE_ALIKE = """
            SELECT bool_and(bucket_of(?, key) = bucket) FROM unnest(?::text[], ?::int[]) AS sample(key, bucket)""";

    private final JdbcTemplate jdbc;
    private volatile Boolean known;

    Buckets(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** Whether {@link #of} answers as this database does; not where its server is big-endian, or a later one hashes texts in another way. */
    boolean areKnown() {
        if (known == null) {
            known = jdbc.query(
                    ARE_ALIKE,
                    ps -> Bind.to(ps).text(SAMPLE_TYPE).texts(SAMPLE_KEYS).integers(SAMPLE_KEYS, key -> of(SAMPLE_TYPE, key)),
                    rs -> rs.next() && rs.getBoolean(1));
            if (!known) {
                LOG.warn("This PostgreSQL hashes texts in a way of its own: many changes at once are accepted by the slower of two ways");
            }
        }
        return known;
    }

    static short of(String entityType, String key) {
        return (short) (hashtext(entityType + ":" + key) & (BUCKETS - 1));
    }

    /** PostgreSQL's function of this name, on a little-endian server: Bob Jenkins' lookup3. */
    private static int hashtext(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int whole = utf8.length / BLOCK;
        // What is over, or nothing, is filled up to a last block.
        ByteBuffer words = ByteBuffer.wrap(Arrays.copyOf(utf8, (whole + 1) * BLOCK)).order(ByteOrder.LITTLE_ENDIAN);
        int a = START + utf8.length;
        int b = a;
        int c = a;
        for (int block = 0; block < whole; block++) {
            a += words.getInt();
            b += words.getInt();
            c += words.getInt();
            a = a - c ^ rotateLeft(c, 4);
            c += b;
            b = b - a ^ rotateLeft(a, 6);
            a += c;
            c = c - b ^ rotateLeft(b, 8);
            b += a;
            a = a - c ^ rotateLeft(c, 16);
            c += b;
            b = b - a ^ rotateLeft(a, 19);
            a += c;
            c = c - b ^ rotateLeft(b, 4);
            b += a;
        }
        a += words.getInt();
        b += words.getInt();
        c += words.getInt() << Byte.SIZE;
        c = (c ^ b) - rotateLeft(b, 14);
        a = (a ^ c) - rotateLeft(c, 11);
        b = (b ^ a) - rotateLeft(a, 25);
        c = (c ^ b) - rotateLeft(b, 16);
        a = (a ^ c) - rotateLeft(c, 4);
        b = (b ^ a) - rotateLeft(a, 14);
        return (c ^ b) - rotateLeft(b, 24);
    }
}
