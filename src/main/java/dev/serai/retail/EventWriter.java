package dev.serai.retail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.serai.device.DeviceEvent;
import dev.serai.device.FeedPage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.stereotype.Component;

/** Writes events as JSON; their payloads go out as they came in, without being parsed. */
@Component
class EventWriter {

    private static final int USUAL_EVENT = 400;

    private final JsonFactory json = new JsonFactory();

    byte[] page(FeedPage page) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_EVENT * (page.events().size() + 1));
        try (JsonGenerator writer = json.createGenerator(out)) {
            writer.writeStartObject();
            writer.writeArrayFieldStart("events");
            for (DeviceEvent event : page.events()) {
                write(event, writer);
            }
            writer.writeEndArray();
            writer.writeBooleanField("has_more", page.hasMore());
            writer.writeStringField("next_cursor", Long.toString(page.next()));
            writer.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(DeviceEvent event, JsonGenerator writer) throws IOException {
        writer.writeStartObject();
        writer.writeNumberField("event_id", event.eventId());
        writer.writeStringField("event_type", event.eventType());
        writer.writeFieldName("payload");
        writer.writeRawValue(event.payload());
        writer.writeStringField("device_id", event.deviceId());
        writer.writeStringField("user_id", event.userId());
        writer.writeStringField("timestamp", event.happenedAt().toString());
        writer.writeEndObject();
    }
}
