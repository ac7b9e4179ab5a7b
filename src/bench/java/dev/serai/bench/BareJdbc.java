package dev.serai.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.postgresql.PGConnection;

/** The reference: what a page costs where nothing is done but the one upsert, with one commit a page. */
final class BareJdbc {

    private static final String UPSERT = """
            INSERT INTO bench.bare AS b (record_key, payload, hash)
            SELECT k, p::jsonb, h FROM unnest(?::text[], ?::text[], ?::bigint[]) AS n(k, p, h)
            ON CONFLICT (record_key) DO UPDATE SET payload = excluded.payload, hash = excluded.hash
            WHERE b.hash IS DISTINCT FROM excluded.hash""";

    private final DataSource database;

    BareJdbc(DataSource database) {
        this.database = database;
        execute("CREATE SCHEMA IF NOT EXISTS bench");
        execute("CREATE TABLE IF NOT EXISTS bench.bare (record_key text COLLATE \"C\" PRIMARY KEY, payload jsonb NOT NULL, hash bigint NOT NULL)");
    }

    void empty() {
        execute("TRUNCATE bench.bare");
    }

    void write(Prepared prepared) {
        try (Connection connection = database.getConnection(); PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            connection.setAutoCommit(false);
            PGConnection arrays = connection.unwrap(PGConnection.class);
            for (Prepared.Page page : prepared.pages()) {
                upsert.setArray(1, connection.createArrayOf("text", page.keys()));
                upsert.setArray(2, connection.createArrayOf("text", page.payloads()));
                upsert.setArray(3, arrays.createArrayOf("int8", page.hashes()));
                upsert.executeUpdate();
                connection.commit();
            }
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void execute(String sql) {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
