package dev.serai.live;

import dev.serai.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.util.Blocker;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketServerComponents;

/** Turns a request into a WebSocket, on the connection and in the server that it came by. */
final class Upgrader {

    /** What is sent in one write gathers in a buffer of this size. */
    private static final int OUTPUT_BUFFER = 32768;

    private final LiveSettings settings;

    Upgrader(LiveSettings settings) {
        this.settings = settings;
    }

    static boolean isUpgrade(HttpServletRequest request) {
        return "websocket".equalsIgnoreCase(request.getHeader("Upgrade"));
    }

    /**
     * Upgrades.
     *
     * @param otherwise what is to be undone where it fails
     * @throws ApiException 400 where the handshake is not well-formed
     */
    void upgrade(HttpServletRequest request, TextSocket socket, Runnable otherwise) throws IOException {
        ServletContextRequest jetty = ServletContextRequest.getServletContextRequest(request);
        var context = jetty.getServletContext().getServletContextHandler();
        var components = WebSocketServerComponents.ensureWebSocketComponents(context.getServer(), context);
        WebSocketNegotiator negotiator = (asked, answer, callback) -> {
            // Compression costs more than it saves where a frame is encoded once for all.
            answer.setExtensions(List.of());
            return socket;
        };
        boolean upgraded = false;
        try (Blocker.Callback callback = Blocker.callback()) {
            upgraded = new WebSocketMappings(components)
                    .upgrade(negotiator, jetty, jetty.getServletContextResponse(), callback, customizer());
            if (upgraded) {
                callback.block();
            }
        } finally {
            if (!upgraded) {
                otherwise.run();
            }
        }
        if (!upgraded) {
            throw ApiException.badRequest("This is no WebSocket handshake of version 13.");
        }
    }

    private Configuration.Customizer customizer() {
        return session -> {
            session.setMaxFrameSize(settings.maxFrame().toBytes());
            session.setAutoFragment(true);
            session.setOutputBufferSize(OUTPUT_BUFFER);
            // The heartbeat finds the dead; silence alone is no fault.
            session.setIdleTimeout(Duration.ZERO);
        };
    }
}
