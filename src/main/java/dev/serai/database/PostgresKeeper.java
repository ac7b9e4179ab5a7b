package dev.serai.database;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after an embedded server while the hub runs: one that ends by itself, or is killed, is started again. */
final class PostgresKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresKeeper.class);
    private static final long LOOK_MILLIS = 500;

    private final PostgresServer server;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread = new Thread(this::keep, "postgres-keeper");
    /** Of the trouble that there is now; once is enough. */
    private final Set<String> said = new HashSet<>();

    private PostgresKeeper(PostgresServer server) {
        this.server = server;
    }

    /** The server belongs to the keeper from now on, and ends with it. */
    static PostgresKeeper of(PostgresServer server) {
        PostgresKeeper keeper = new PostgresKeeper(server);
        keeper.thread.setDaemon(true);
        keeper.thread.start();
        return keeper;
    }

    private void keep() {
        try {
            while (!closed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What the server left behind may be in the way for a moment: it is tried until it works. */
    private void look() {
        try {
            if (server.isGone()) {
                say("The embedded database has ended; it is started again");
                server.startAgain();
                LOG.info("The embedded database runs again");
            }
            said.clear();
        } catch (IOException | RuntimeException e) {
            say("The embedded database does not start; it is tried on: " + e.getMessage());
        }
    }

    private void say(String what) {
        if (said.add(what)) {
            LOG.warn(what);
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed.countDown();
        thread.join();
        server.close();
    }
}
