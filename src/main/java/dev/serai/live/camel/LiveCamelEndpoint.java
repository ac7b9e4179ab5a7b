package dev.serai.live.camel;

import dev.serai.live.Live;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** A topic, as a route sees it. */
final class LiveCamelEndpoint extends DefaultEndpoint {

    private final Live live;
    private final String topic;
    private final String event;

    LiveCamelEndpoint(String uri, LiveComponent component, Live live, String topic, String event) {
        super(uri, component);
        this.live = live;
        this.topic = topic;
        this.event = event;
    }

    @Override
    public Producer createProducer() {
        return new LiveProducer(this, live, topic, event);
    }

    @Override
    public Consumer createConsumer(Processor processor) {
        throw new UnsupportedOperationException("live: only sends; what clients send goes to their face");
    }

    @Override
    public boolean isSingleton() {
        return true;
    }
}
