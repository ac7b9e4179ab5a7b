package dev.serai.contract;

import java.util.Map;

/**
 * What an operation answers, where it is not simply 200 with JSON.
 *
 * @param status  the HTTP status
 * @param body    a record, Map or JsonNode (written as JSON), a String or byte[] (written as it is), or null for none
 * @param headers headers to set; {@code Content-Type} defaults to JSON
 */
public record Answer(int status, Object body, Map<String, String> headers) {

    public static Answer of(int status, Object body) {
        return new Answer(status, body, Map.of());
    }

    public static Answer accepted(Object body) {
        return of(202, body);
    }

    /** Text in a media type of its own, for example Prometheus metrics. */
    public static Answer text(int status, String contentType, String text) {
        return new Answer(status, text, Map.of("Content-Type", contentType));
    }
}
