package dev.serai.live;

import com.fasterxml.jackson.databind.JsonNode;

/** What a face does about one connected client. Its methods are called one at a time and must not wait for other clients. */
public interface LiveClient {

    /** By what this client's connections and messages are counted: a caller's id, an address … */
    String countedAs();

    /** The id of the caller whose credentials opened the connection, which ends with them; null where it needed none. */
    String callerId();

    /** The connection is there: the place to subscribe to topics and to greet. */
    void opened(LiveSession session);

    /**
     * The client sent an event.
     *
     * @param data  missing where there is none
     * @param reply the way to answer; a thrown {@code ApiException} is answered with its message
     */
    void received(LiveSession session, String event, JsonNode data, Reply reply);

    /** The connection is gone, whoever ended it. */
    default void closed(LiveSession session) {}
}
