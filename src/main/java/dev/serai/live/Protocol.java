package dev.serai.live;

/** What a client speaks. */
enum Protocol {
    WEBSOCKET("websocket"),
    SOCKET_IO("socket.io");

    final String tag;

    Protocol(String tag) {
        this.tag = tag;
    }
}
