package dev.serai.routing;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.rest.openapi.RestOpenApiComponent;
import org.apache.camel.component.rest.openapi.RestOpenapiProcessorStrategy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Loads the route files once Camel runs, before the port opens, and then looks after them several times a second. */
final class RouteWatcher implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(RouteWatcher.class);
    private static final long LOOK_MILLIS = 200;

    private final CamelContext context;
    private final RestOpenapiProcessorStrategy faces;
    private final SettledFiles settled;
    private final RouteFiles files;
    private ScheduledExecutorService looking;

    RouteWatcher(CamelContext context, RestOpenapiProcessorStrategy faces, SettledFiles settled, RouteFiles files) {
        this.context = context;
        this.faces = faces;
        this.settled = settled;
        this.files = files;
    }

    @Override
    public void start() {
        context.getComponent("rest-openapi", RestOpenApiComponent.class).setRestOpenapiProcessorStrategy(faces);
        files.update(settled.first());
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
        if (looking != null) {
            looking.shutdown();
            looking = null;
        }
    }

    @Override
    public boolean isRunning() {
        return looking != null;
    }

    @Override
    public int getPhase() {
        // Camel starts in the last phase but one; the web server opens its port before that, unless this phase is looked at together.
        return Integer.MAX_VALUE;
    }
}
