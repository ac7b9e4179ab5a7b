package dev.serai.database;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import java.util.Iterator;
import org.slf4j.LoggerFactory;

/**
 * While the database is away, libraries that work with it (the scheduler above all) log each of their attempts with its stack. One line now
 * and then says the same. It sits at the appenders, behind the loggers' levels: where libraries ask many times a second whether they may
 * debug, each question would cost.
 */
final class QuietLibraries extends Filter<ILoggingEvent> {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(QuietLibraries.class);
    private static final String OWN = "dev.serai.";

    private final Seldom seldom = new Seldom(Duration.ofSeconds(10));

    QuietLibraries() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            setContext(context);
            start();
            Iterator<Appender<ILoggingEvent>> appenders = context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
            appenders.forEachRemaining(appender -> appender.addFilter(this));
        }
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (!isStarted() || event.getLoggerName().startsWith(OWN) || !(event.getThrowableProxy() instanceof ThrowableProxy failure)
                || !DatabaseFaults.isAway(failure.getThrowable())) {
            return FilterReply.NEUTRAL;
        }
        if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
            seldom.say(times -> LOG.warn("Work has to wait for the database, {} times now ({}): {}", times, event.getLoggerName(),
                    DatabaseFaults.reason(failure.getThrowable())));
        }
        return FilterReply.DENY;
    }
}
