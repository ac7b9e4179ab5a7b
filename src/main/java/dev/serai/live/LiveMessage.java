package dev.serai.live;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Objects;

/**
 * One event for connected clients. It is encoded once for each way of speaking, however many clients get it, so it must not change
 * after its making.
 */
public final class LiveMessage {

    private final String event;
    private final String data;
    private final Long position;
    private final String except;
    /** Two threads may both encode, to the same bytes. */
    private final byte[][] frames = new byte[Encoding.values().length][];

    private LiveMessage(String event, String data, Long position, String except) {
        this.event = Objects.requireNonNull(event, "event");
        this.data = Objects.requireNonNull(data, "data");
        this.position = position;
        this.except = except;
    }

    /** @param data JSON, which goes out to the letter */
    public static LiveMessage of(String event, String data) {
        return new LiveMessage(event, data, null, null);
    }

    public static LiveMessage of(String event, JsonNode data) {
        return of(event, data.toString());
    }

    /** At a place in its topic's order: who follows the topic from there on gets no message twice. Stands as {@code id} in frames that have one. */
    public LiveMessage at(long place) {
        return new LiveMessage(event, data, place, except);
    }

    /** To everybody but this session. */
    public LiveMessage notTo(String sessionId) {
        return new LiveMessage(event, data, position, sessionId);
    }

    public String event() {
        return event;
    }

    public String data() {
        return data;
    }

    /** Null where the message has no place in an order. */
    public Long position() {
        return position;
    }

    boolean isFor(LiveSession session) {
        return !session.id().equals(except);
    }

    byte[] encoded(Encoding encoding) {
        byte[] frame = frames[encoding.ordinal()];
        if (frame == null) {
            frame = encoding.frame(event, data, position);
            frames[encoding.ordinal()] = frame;
        }
        return frame;
    }
}
