package dev.serai.database;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;

/**
 * While the database is away, libraries that work with it (the scheduler above all) log each of their attempts with its stack. One line now
 * and then says the same.
 *
 * <p>It stands before the log's appenders. As a filter of all loggers it would be asked whenever a library asks whether to log at all; and
 * what is said from within a filter of an appender, Logback drops.
 */
final class QuietLibraries extends UnsynchronizedAppenderBase<ILoggingEvent> implements DisposableBean {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(QuietLibraries.class);
    private static final String OWN = "dev.serai.";

    private final AppenderAttachableImpl<ILoggingEvent> behind = new AppenderAttachableImpl<>();
    private final Seldom seldom = new Seldom(Duration.ofSeconds(10));

    QuietLibraries() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext log) {
            setContext(log);
            setName("quiet-libraries");
            start();
            Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
            List<Appender<ILoggingEvent>> appenders = new ArrayList<>();
            root.iteratorForAppenders().forEachRemaining(appenders::add);
            appenders.forEach(behind::addAppender);
            root.addAppender(this);
            appenders.forEach(root::detachAppender);
        }
    }

    /** Instead of what it overrides, which drops what is said meanwhile on the same thread: as the one line here is. */
    @Override
    public void doAppend(ILoggingEvent event) {
        Throwable failure = event.getThrowableProxy() instanceof ThrowableProxy proxy ? proxy.getThrowable() : null;
        if (failure == null || event.getLoggerName().startsWith(OWN) || !DatabaseFaults.isAway(failure)) {
            append(event);
        } else if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            seldom.say(times -> LOG.warn("Work has to wait for the database, {} times now ({}): {}", times, event.getLoggerName(),
                    DatabaseFaults.reason(failure)));
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        behind.appendLoopOnAppenders(event);
    }

    @Override
    public void destroy() {
        if (getContext() instanceof LoggerContext log) {
            Logger root = log.getLogger(Logger.ROOT_LOGGER_NAME);
            if (root.isAttached(this)) {
                behind.iteratorForAppenders().forEachRemaining(root::addAppender);
                root.detachAppender(this);
            }
        }
    }
}
