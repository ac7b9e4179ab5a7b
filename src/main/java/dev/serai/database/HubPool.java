package dev.serai.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;

/** The pool of connections. While none can be made, callers are told so at once: to wait in line would only hold their threads. */
final class HubPool extends HikariDataSource {

    private final Door door;

    HubPool(HikariConfig config, Door door) {
        super(config);
        this.door = door;
    }

    @Override
    public Connection getConnection() throws SQLException {
        String why = door.why();
        if (why != null && !isClosed() && getHikariPoolMXBean().getTotalConnections() == 0) {
            throw new SQLTransientConnectionException("The database does not answer: " + why, "08001");
        }
        return super.getConnection();
    }
}
