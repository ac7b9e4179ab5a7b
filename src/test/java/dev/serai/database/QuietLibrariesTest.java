package dev.serai.database;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class QuietLibrariesTest {

    private static final Exception AWAY = new IllegalStateException("A job failed", new SQLTransientConnectionException("refused"));

    private final Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    private final Logger library = (Logger) LoggerFactory.getLogger("org.library.Worker");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private QuietLibraries quiet;

    @BeforeEach
    void listen() {
        lines.start();
        root.addAppender(lines);
        quiet = new QuietLibraries();
    }

    @AfterEach
    void leave() {
        quiet.destroy();
        root.detachAppender(lines);
    }

    @Test
    void whatALibrarySaysOfADatabaseAwayIsOneLineHoweverItSaysIt() {
        library.error("Failed", AWAY);
        library.error("Failed: {}", AWAY.getMessage(), AWAY);
        library.error("Failed {} of {}: {}", 1, 2, AWAY.getMessage(), AWAY);
        library.error("Couldn't rollback", new SQLException("Connection is closed"));

        assertThat(lines.list).extracting(ILoggingEvent::getFormattedMessage).singleElement().asString()
                .isEqualTo("Work has to wait for the database, 1 times now (org.library.Worker): refused");
        assertThat(lines.list.get(0).getThrowableProxy()).isNull();
    }

    @Test
    void allElseIsSaid() {
        library.error("Failed: {}", "no", new SQLException("no such table", "42P01"));
        library.error("The database does not answer: {}", AWAY.getMessage());

        assertThat(lines.list).hasSize(2);
    }

    @Test
    void afterwardsTheLogIsAsItWas() {
        assertThat(root.isAttached(lines)).isFalse();

        quiet.destroy();

        assertThat(root.isAttached(lines)).isTrue();
        assertThat(root.isAttached(quiet)).isFalse();
    }
}
