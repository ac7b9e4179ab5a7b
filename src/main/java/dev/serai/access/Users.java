package dev.serai.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;

/** People, with a name and a password. */
@Component
class Users {

    /** Whoever asks at the same moment for another of the last two waits for the first, and is told that there is one left. */
    private static final String REMOVE = """
            WITH admins AS (SELECT username FROM access_user WHERE role = 'super_admin' ORDER BY username FOR UPDATE)
            DELETE FROM access_user WHERE username = :name AND (role <> 'super_admin' OR (SELECT count(*) FROM admins) > 1)""";

    private final JdbcClient database;
    private final PasswordEncoder passwords;
    private final Clock clock;
    private final Lockout lockout;
    /** Compared with where there is no such user, so that the time an answer takes does not tell. */
    private final String nobodysHash;

    Users(JdbcClient database, PasswordEncoder passwords, Clock clock, Lockout lockout) {
        this.database = database;
        this.passwords = passwords;
        this.clock = clock;
        this.lockout = lockout;
        this.nobodysHash = passwords.encode(Secrets.nextId(""));
    }

    Optional<Person> find(String username, String password) {
        Optional<Row> row = row(username);
        boolean right = passwords.matches(password, row.map(Row::passwordHash).orElse(nobodysHash));
        return right ? row.map(Row::person) : Optional.empty();
    }

    /** Empty where the user has another password by now, or is another of the same name. */
    Optional<Caller> find(String username, UUID passwordId) {
        return row(username).map(Row::person).filter(person -> person.passwordId().equals(passwordId)).map(Person::caller);
    }

    /** False where there is one of this name. */
    boolean create(UserRequest user, String createdBy) {
        Scope scope = user.grant().scope();
        return database.sql("""
                INSERT INTO access_user (username, password_hash, role, store_id, terminal_id, device_id, created_by, created_at)
                VALUES (:name, :hash, :role, :store, :terminal, :device, :by, :now) ON CONFLICT DO NOTHING""")
                .param("name", user.username())
                .param("hash", passwords.encode(user.password()))
                .param("role", user.grant().role().key())
                .param("store", scope.storeId())
                .param("terminal", scope.terminalId())
                .param("device", scope.deviceId())
                .param("by", createdBy)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update() == 1;
    }

    Listing<ListedUser> list(PageRequest page) {
        long total = database.sql("SELECT count(*) FROM access_user").query(Long.class).single();
        return new Listing<>(
                database.sql("SELECT * FROM access_user ORDER BY username LIMIT :size OFFSET :offset")
                        .param("size", page.size())
                        .param("offset", page.offset())
                        .query(Users::listed)
                        .list(),
                page, total);
    }

    boolean exists(String username) {
        return row(username).isPresent();
    }

    /** Ends what the user has logged in to, and has no longer to wait for. False where there is no such user. */
    boolean changePassword(String username, String password) {
        lockout.forget(username);
        return database.sql("UPDATE access_user SET password_hash = :hash, password_id = gen_random_uuid() WHERE username = :name")
                .param("hash", passwords.encode(password))
                .param("name", username)
                .update() == 1;
    }

    /** Ends what the user has logged in to, too. False where there is no such user, or it is the last super admin. */
    boolean remove(String username) {
        lockout.forget(username);
        return database.sql(REMOVE).param("name", username).update() == 1;
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
        return database.sql("SELECT * FROM access_user WHERE username = :name").param("name", username).query(Users::row).optional();
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        String name = row.getString("username");
        Caller caller = new Caller("user:" + name, name, Role.of(row.getString("role")), Tokens.scope(row), null);
        return new Row(row.getString("password_hash"), new Person(caller, row.getObject("password_id", UUID.class)));
    }

    private static ListedUser listed(ResultSet row, int number) throws SQLException {
        Scope scope = Tokens.scope(row);
        return new ListedUser(
                row.getString("username"), row.getString("role"), scope.storeId(), scope.terminalId(), scope.deviceId(), row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    /** A user as it is listed: everything but the password's hash. */
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ListedUser(String username, String role, String storeId, String terminalId, String deviceId, String createdBy, Instant createdAt) {}

    private record Row(String passwordHash, Person person) {

        @Override
        public String toString() {
            return "Row[person=" + person + "]";
        }
    }
}
