package dev.serai.live;

import com.fasterxml.jackson.databind.JsonNode;

/** Answers one event of one client. */
public interface Reply {

    /** To a client that waits for an acknowledgement, as that; to others as an event of this name. */
    void with(String event, JsonNode data);

    /** As an {@code error} event, and as the acknowledgement where the client waits for one. */
    void error(String message);
}
