package dev.serai.run;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/**
 * This hub's number on its database. While the hub lives, a connection of its own holds an advisory lock on the number: others see by it
 * that the hub's runs are in good hands, and within a second when they no longer are.
 */
@Component
public class HubNumber implements DisposableBean {

    /** The class of the advisory locks on hubs' numbers: who works by number sees by it whose hub is gone. */
    public static final int HUB_LOCKS = 7_302;

    private static final Logger log = LoggerFactory.getLogger(HubNumber.class);

    private final DataSource dataSource;
    private Connection connection;
    private int number;

    HubNumber(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** The number, taken anew where the connection that held it has been lost. */
    public synchronized int get() {
        try {
            if (connection == null || !connection.isValid(2)) {
                release();
                take();
            }
            return number;
        } catch (SQLException e) {
            release();
            throw new DataAccessResourceFailureException("The hub has lost its place on the database", e);
        }
    }

    private void take() throws SQLException {
        connection = dataSource.getConnection();
        connection.setAutoCommit(true);
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rs = statement.executeQuery("SELECT nextval('hub_number')")) {
                rs.next();
                number = rs.getInt(1);
            }
            statement.execute("SELECT pg_advisory_lock(" + HUB_LOCKS + ", " + number + ")");
        }
        log.info("This hub is number {} on its database", number);
    }

    private void release() {
        if (connection != null) {
            try (Connection closing = connection) {
                closing.createStatement().execute("SELECT pg_advisory_unlock_all()");
            } catch (SQLException e) {
                log.debug("The connection that held hub number {} was gone already", number, e);
            }
            connection = null;
        }
    }

    @Override
    public synchronized void destroy() {
        release();
    }
}
