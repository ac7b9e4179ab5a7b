package dev.serai.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.change.Change;
import dev.serai.change.Operation;
import dev.serai.testing.Core;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BucketsTest {

    private final Core core = new Core();

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void areThoseOfTheDatabase() {
        Random random = new Random(20_261_130);
        List<String> keys = IntStream.range(0, 2_000).mapToObj(i -> key(random, i % 50)).toList();

        List<Integer> ours = keys.stream().map(key -> (int) Buckets.of("orders", key)).toList();

        List<Integer> theirs = core.jdbc().queryForList(
                "SELECT bucket_of('orders', key) FROM unnest(?::text[]) WITH ORDINALITY AS k(key, place) ORDER BY place", Integer.class,
                (Object) keys.toArray(String[]::new));
        assertThat(ours).isEqualTo(theirs);
        assertThat(core.bean(Buckets.class).areKnown()).isTrue();
    }

    @Test
    void areAskedForWhereTheDatabaseHashesInAnotherWay() {
        core.jdbc().execute("""
                CREATE OR REPLACE FUNCTION bucket_of(entity_type text, record_key text) RETURNS smallint LANGUAGE sql IMMUTABLE
                    RETURN (hashtext(entity_type || ':' || record_key || '!') & 63)::smallint""");

        core.bean(JournalIntake.class).append(IntStream.range(0, 100).mapToObj(i -> List.of(change("r" + i))).toList(), Instant.EPOCH);

        assertThat(core.jdbc().queryForObject(
                "SELECT count(*) FROM pending WHERE bucket = bucket_of(entity_type, record_key)", Integer.class)).isEqualTo(100);
    }

    /** Of letters that take one to three bytes. */
    private static String key(Random random, int length) {
        StringBuilder key = new StringBuilder();
        random.ints(length, ' ', 0x2000).map(c -> c % 3 == 0 ? c : ' ' + c % 90).forEach(key::appendCodePoint);
        return key.toString();
    }

    private static Change change(String key) {
        return new Change("shop", null, null, "orders", key, Operation.UPSERT, Instant.EPOCH, null, key, 0, "{}", false);
    }
}
