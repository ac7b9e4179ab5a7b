package dev.serai.live;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;

/** How an event looks to a client. */
public enum Encoding {

    /** {@code {"event": "…", "data": …}}. */
    PLAIN {
        @Override
        String text(String event, String data, Long position) {
            return "{\"event\":" + quoted(event) + ",\"data\":" + data + "}";
        }
    },

    /** {@code {"id": "17", "event": "…", "data": …}}, for clients that go on behind the last id they saw. */
    PLAIN_WITH_ID {
        @Override
        String text(String event, String data, Long position) {
            String plain = PLAIN.text(event, data, position);
            return position == null ? plain : "{\"id\":\"" + position + "\"," + plain.substring(1);
        }
    },

    /** An Engine.IO message with a socket.io event of the default namespace. */
    SOCKET_IO {
        @Override
        String text(String event, String data, Long position) {
            return "42[" + quoted(event) + "," + data + "]";
        }
    };

    abstract String text(String event, String data, Long position);

    byte[] frame(String event, String data, Long position) {
        return text(event, data, position).getBytes(StandardCharsets.UTF_8);
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        JsonStringEncoder.getInstance().quoteAsString(text, json);
        return json.append('"').toString();
    }
}
