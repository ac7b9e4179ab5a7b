package dev.serai.routing;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Loads the route files once Camel runs, and then looks after them every 400 ms. */
final class RouteWatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RouteWatcher.class);
    private static final long LOOK_MILLIS = 400;

    private final CamelContext context;
    private final List<String> expected;
    private final SettledFiles settled;
    private final RouteFiles files;
    private volatile ScheduledExecutorService looking;
    private volatile boolean running;

    /** @param expected patterns whose directories a hub usually has */
    RouteWatcher(CamelContext context, List<String> expected, SettledFiles settled, RouteFiles files) {
        this.context = context;
        this.expected = expected;
        this.settled = settled;
        this.files = files;
    }

    @Override
    public void start() {
        running = true;
        try {
            context.addStartupListener((started, alreadyStarted) -> load());
        } catch (Exception e) {
            throw new IllegalStateException("The route files could not be loaded", e);
        }
    }

    private void load() {
        SettledFiles.missing(expected).forEach(directory ->
                LOG.warn("There is no directory {}: nothing of it runs. It is taken up when it is there", directory));
        Map<Path, String> first = settled.first();
        if (first.isEmpty()) {
            LOG.error("There is no route file, so that the hub does nothing. Start it in the directory that has routes/, or set SERAI_HOME to it.");
        }
        files.update(first);
        looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "route-watcher");
            thread.setDaemon(true);
            return thread;
        });
        looking.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            files.update(settled.look());
        } catch (RuntimeException e) {
            // The watcher must outlive whatever goes wrong in one look.
            LOG.error("A look at the route files failed; the routes run as they are", e);
        }
    }

    @Override
    public void stop() {
        running = false;
        if (looking != null) {
            looking.shutdown();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
