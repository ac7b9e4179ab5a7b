package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class TestDatabaseTest {

    @Test
    void givesEachCallerADatabaseOfItsOwn() {
        try (TestDatabase one = TestDatabase.create(); TestDatabase other = TestDatabase.create()) {
            JdbcClient.create(one.dataSource()).sql("CREATE TABLE only_here (id int)").update();

            assertThat(tables(one)).isEqualTo(1);
            assertThat(tables(other)).isZero();
        }
    }

    private static int tables(TestDatabase database) {
        return JdbcClient.create(database.dataSource())
                .sql("SELECT count(*) FROM pg_tables WHERE tablename = 'only_here'").query(Integer.class).single();
    }
}
