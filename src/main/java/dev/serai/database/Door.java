package dev.serai.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Where the pool gets its connections. It knows whether the last attempt to make one went well, and says when that changes. */
final class Door extends DriverManagerDataSource {

    private static final Logger LOG = LoggerFactory.getLogger(Door.class);

    private volatile String why;
    private long shutSince;

    Door(DatabaseAddress address) {
        super(address.url(), address.user(), address.password());
        Properties properties = new Properties();
        properties.setProperty("ApplicationName", "serai");
        properties.setProperty("reWriteBatchedInserts", "true");
        properties.setProperty("tcpKeepAlive", "true");
        // The set-based statements are few and always the same: parse them once per connection, from the second use on.
        properties.setProperty("prepareThreshold", "2");
        properties.setProperty("connectTimeout", "5");
        setConnectionProperties(properties);
    }

    @Override
    protected Connection getConnectionFromDriver(Properties properties) throws SQLException {
        try {
            Connection connection = super.getConnectionFromDriver(properties);
            opened();
            return connection;
        } catch (SQLException e) {
            shut(e);
            throw e;
        }
    }

    /** Why no connection can be made; null where one can. */
    String why() {
        return why;
    }

    private synchronized void shut(SQLException failure) {
        if (why == null) {
            shutSince = System.nanoTime();
            LOG.warn("The database does not answer. Callers are told to come again, and all work goes on when it is back: {}", failure.getMessage());
        }
        why = failure.getMessage();
    }

    private void opened() {
        if (why != null) {
            openedAgain();
        }
    }

    private synchronized void openedAgain() {
        if (why != null) {
            why = null;
            LOG.info("The database answers again, after {} s", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - shutSince) / 1000.0);
        }
    }
}
