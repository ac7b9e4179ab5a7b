package dev.serai.live;

import dev.serai.web.ApiException;
import java.util.Optional;

/** A face that has clients on the default namespace of socket.io. They are asked in Spring's order; the first that knows a client has it. */
public interface SocketIoFace {

    /**
     * Decides about a client that connects; {@link Handshake#auth()} has what it gave as {@code auth}.
     *
     * @return empty where the client is another face's
     * @throws ApiException which the client gets as {@code connect_error}, with its message and {@code data.status}
     */
    Optional<LiveClient> acceptSocketIo(Handshake handshake);
}
