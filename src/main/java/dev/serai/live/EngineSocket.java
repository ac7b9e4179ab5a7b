package dev.serai.live;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.Callback;

/** The WebSocket of an Engine.IO session: its only transport, or one that it changes over to. */
final class EngineSocket extends TextSocket {

    private static final Duration CHANGE_OVER = Duration.ofSeconds(10);

    private final LiveCore core;
    private final EngineSession session;
    private boolean trying;

    EngineSocket(LiveCore core, EngineSession session, boolean trying) {
        super(core.settings(), core.heartbeat());
        this.core = core;
        this.session = session;
        this.trying = trying;
    }

    @Override
    void opened() {
        if (trying) {
            core.heartbeat().later(CHANGE_OVER, () -> {
                if (trying) {
                    cut();
                }
            });
        } else {
            say(session.openPacket());
            session.use(this);
        }
    }

    @Override
    void text(String text) {
        if (trying) {
            change(text);
        } else if (!session.heard(text)) {
            core.metrics().dropped(Protocol.SOCKET_IO, "malformed");
            session.end();
        }
    }

    private void change(String text) {
        switch (text) {
            case "2probe" -> {
                say("3probe");
                session.probe(this);
            }
            case "5" -> {
                trying = false;
                session.use(this);
            }
            default -> close(CloseCode.POLICY, "Not a change of transport");
        }
    }

    private void say(String packet) {
        write(List.of(packet.getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
    }

    @Override
    void pong() {
        // Engine.IO has pings of its own.
    }

    @Override
    void gone() {
        session.lost(this);
    }
}
