package dev.serai.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Listens to PostgreSQL's notices on a connection of its own, and comes back when that is lost. */
public final class Notices implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Notices.class);
    private static final int WAIT_MILLIS = 2_000;
    private static final long PAUSE_MILLIS = 1_000;

    private final DatabaseAddress address;
    private final List<NoticeListener> listeners;
    private CountDownLatch stopped;
    private Thread thread;

    Notices(DatabaseAddress address, List<NoticeListener> listeners) {
        this.address = address;
        this.listeners = listeners;
    }

    private void listen() {
        while (stopped.getCount() > 0) {
            try (Connection connection = connect()) {
                for (NoticeListener listener : listeners) {
                    execute(connection, "LISTEN " + listener.channel());
                }
                listeners.forEach(listener -> listener.hearing(true));
                hear(connection);
            } catch (SQLException e) {
                LOG.debug("The connection for notices is lost", e);
            } finally {
                listeners.forEach(listener -> listener.hearing(false));
            }
            pause();
        }
    }

    private void hear(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        while (stopped.getCount() > 0) {
            PGNotification[] notices = postgres.getNotifications(WAIT_MILLIS);
            if (notices == null || notices.length == 0) {
                // A server that is gone without a word would never be missed otherwise.
                execute(connection, "SELECT 1");
                continue;
            }
            for (PGNotification notice : notices) {
                listeners.stream().filter(l -> l.channel().equals(notice.getName())).forEach(l -> l.told(notice.getParameter()));
            }
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        if (address.user() != null) {
            properties.setProperty("user", address.user());
        }
        if (address.password() != null) {
            properties.setProperty("password", address.password());
        }
        properties.setProperty("ApplicationName", "serai notices");
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection(address.url(), properties);
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void pause() {
        try {
            stopped.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopped.countDown();
        }
    }

    @Override
    public void start() {
        stopped = new CountDownLatch(1);
        if (!listeners.isEmpty()) {
            thread = new Thread(this::listen, "notices");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void stop() {
        stopped.countDown();
        if (thread != null) {
            thread.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return stopped != null && stopped.getCount() > 0;
    }
}
