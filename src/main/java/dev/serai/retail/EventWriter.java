package dev.serai.retail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.serai.device.DeviceEvent;
import dev.serai.device.FeedPage;
import dev.serai.live.LiveMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
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

    /** As connected clients get it, at once and when they come back. */
    LiveMessage message(DeviceEvent event) {
        boolean update = event.eventType().equals(SocketEvents.UPDATE);
        return LiveMessage.of(update ? SocketEvents.UPDATE : "critical_event", update ? update(event) : critical(event)).at(event.eventId());
    }

    private String critical(DeviceEvent event) {
        return text(writer -> {
            writer.writeNumberField("event_id", event.eventId());
            writer.writeStringField("event_type", event.eventType());
            writer.writeFieldName("payload");
            writer.writeRawValue(event.payload());
            writer.writeStringField("device_id", event.deviceId());
            writer.writeStringField("timestamp", event.happenedAt().toString());
        });
    }

    /** The payload is {@code {"data": …}}, to the letter. */
    private String update(DeviceEvent event) {
        return text(writer -> {
            writer.writeNumberField("event_id", event.eventId());
            writer.writeRaw(',');
            writer.writeRaw(event.payload(), 1, event.payload().length() - 2);
            writer.writeStringField("device_id", event.deviceId());
            writer.writeStringField("timestamp", event.happenedAt().toString());
        });
    }

    private interface Fields {
        void write(JsonGenerator writer) throws IOException;
    }

    private String text(Fields fields) {
        StringWriter out = new StringWriter(USUAL_EVENT);
        try (JsonGenerator writer = json.createGenerator(out)) {
            writer.writeStartObject();
            fields.write(writer);
            writer.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString();
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
