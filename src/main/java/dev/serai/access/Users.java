package dev.serai.access;

import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** People, with a name and a password. */
@Component
class Users {

    private final JdbcClient database;
    private final PasswordEncoder passwords;
    private final Clock clock;
    /** Compared with where there is no such user, so that the time an answer takes does not tell. */
    private final String nobodysHash;

    Users(JdbcClient database, PasswordEncoder passwords, Clock clock) {
        this.database = database;
        this.passwords = passwords;
        this.clock = clock;
        this.nobodysHash = passwords.encode(Secrets.nextId(""));
    }

    Optional<Caller> find(String username, String password) {
        Optional<Row> row = row(username);
        boolean right = passwords.matches(password, row.map(Row::passwordHash).orElse(nobodysHash));
        return right ? row.map(Row::caller) : Optional.empty();
    }

    Optional<Caller> find(String username) {
        return row(username).map(Row::caller);
    }

    boolean hasSuperAdmin() {
        return database.sql("SELECT EXISTS (SELECT 1 FROM access_user WHERE role = 'super_admin')").query(Boolean.class).single();
    }

    /** Does nothing where there is one already, also when two hubs start at the same time. */
    void createFirstSuperAdmin(String username, String password) {
        database.sql("""
                INSERT INTO access_user (username, password_hash, role, created_at)
                SELECT :name, :hash, 'super_admin', :now
                WHERE NOT EXISTS (SELECT 1 FROM access_user WHERE role = 'super_admin')
                ON CONFLICT (username) DO NOTHING""")
                .param("name", username)
                .param("hash", passwords.encode(password))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    private Optional<Row> row(String username) {
        return database.sql("SELECT password_hash, role, store_id, terminal_id, device_id FROM access_user WHERE username = :name")
                .param("name", username)
                .query((found, number) -> new Row(
                        found.getString("password_hash"),
                        new Caller("user:" + username, username, Role.of(found.getString("role")), Tokens.scope(found), null)))
                .optional();
    }

    private record Row(String passwordHash, Caller caller) {

        @Override
        public String toString() {
            return "Row[caller=" + caller + "]";
        }
    }
}
