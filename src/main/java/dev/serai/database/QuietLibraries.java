package dev.serai.database;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.EventArgUtil;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.time.Duration;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.springframework.beans.factory.DisposableBean;

/**
 * While the database is away, libraries that work with it (the scheduler above all) log each of their attempts with its stack. One line now
 * and then says the same.
 */
final class QuietLibraries extends TurboFilter implements DisposableBean {

    private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(QuietLibraries.class);
    private static final String OWN = "dev.serai.";

    private final Seldom seldom = new Seldom(Duration.ofSeconds(10));

    QuietLibraries() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            setContext(context);
            context.addTurboFilter(this);
        }
    }

    @Override
    public FilterReply decide(Marker marker, Logger logger, Level level, String format, Object[] arguments, Throwable thrown) {
        // Of a message with arguments the failure is the last of them; Logback takes it from there only after this filter.
        Throwable failure = thrown == null ? EventArgUtil.extractThrowable(arguments) : thrown;
        if (failure == null || logger.getName().startsWith(OWN) || !DatabaseFaults.isAway(failure)) {
            return FilterReply.NEUTRAL;
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            seldom.say(times -> LOG.warn("Work has to wait for the database, {} times now ({}): {}", times, logger.getName(),
                    DatabaseFaults.reason(failure)));
        }
        return FilterReply.DENY;
    }

    @Override
    public void destroy() {
        if (getContext() instanceof LoggerContext context) {
            context.getTurboFilterList().remove(this);
        }
    }
}
