package dev.serai.live.camel;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.live.Live;
import dev.serai.live.LiveMessage;
import java.io.InputStream;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.support.DefaultProducer;

/**
 * Publishes a message's body. {@link LiveMessage}s, one or a list, go out as they are. Anything else is the data of an event that the
 * endpoint's option {@code event} names, or else the header {@code event}: text is JSON already, objects are written as JSON.
 */
final class LiveProducer extends DefaultProducer {

    private static final ObjectMapper PLAIN = JsonMapper.builder()
            .findAndAddModules()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Live live;
    private final String topic;
    private final String event;

    LiveProducer(LiveCamelEndpoint endpoint, Live live, String topic, String event) {
        super(endpoint);
        this.live = live;
        this.topic = topic;
        this.event = event;
    }

    @Override
    public void process(Exchange exchange) throws InvalidPayloadException, JsonProcessingException {
        Message message = exchange.getMessage();
        Object body = message.getBody();
        if (body instanceof LiveMessage one) {
            live.publish(topic, one);
        } else if (body instanceof List<?> list && !list.isEmpty() && list.stream().allMatch(LiveMessage.class::isInstance)) {
            live.publish(topic, list.stream().map(LiveMessage.class::cast).toList());
        } else if (!(body instanceof List<?> list && list.isEmpty())) {
            live.publish(topic, LiveMessage.of(eventOf(message), json(message)));
        }
    }

    private String eventOf(Message message) {
        String name = event == null ? message.getHeader("event", String.class) : event;
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("live:" + topic + " was given no event: name it as live:" + topic + "?event=…");
        }
        return name;
    }

    /** What goes to clients is valid JSON, whatever a route makes of it. */
    private static String json(Message message) throws InvalidPayloadException, JsonProcessingException {
        Object body = message.getBody();
        if (body instanceof CharSequence || body instanceof byte[] || body instanceof InputStream) {
            return PLAIN.readTree(message.getMandatoryBody(String.class)).toString();
        }
        return PLAIN.writeValueAsString(body);
    }
}
