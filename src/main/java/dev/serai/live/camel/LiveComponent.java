package dev.serai.live.camel;

import dev.serai.live.Live;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;

/** The scheme {@code live:}, by which a route publishes to connected clients: {@code live:devices}, {@code live:stores/17?event=sync_started}. */
public final class LiveComponent extends DefaultComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Live live = getCamelContext().getRegistry().findSingleByType(Live.class);
        if (live == null) {
            throw new IllegalStateException("There is no live layer in this application");
        }
        if (remaining.isBlank()) {
            throw new IllegalArgumentException("live: wants a topic, as in live:devices");
        }
        LiveCamelEndpoint endpoint = new LiveCamelEndpoint(uri, this, live, remaining, getAndRemoveParameter(parameters, "event", String.class));
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
