package dev.serai.live;

import dev.serai.web.ApiException;

/** A WebSocket path of a face. A bean of this type is all that it takes; its path needs a {@code PathRule} as every other. */
public interface LiveEndpoint {

    /** A path or pattern: {@code /ws}, {@code /v1/stores/{store_id}/sync/events/stream}. */
    String path();

    /** How its frames look. */
    default Encoding encoding() {
        return Encoding.PLAIN;
    }

    /**
     * Decides about a client before the connection becomes a WebSocket.
     *
     * @throws ApiException which is answered over HTTP in the face's own shape: 401, 403, 404, 429 …
     */
    LiveClient accept(Handshake handshake);
}
