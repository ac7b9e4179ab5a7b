package dev.serai.live;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.WebSocketConnection;
import org.eclipse.jetty.websocket.core.WebSocketCoreSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket of text messages on Jetty's own engine, which frames a message that is encoded already. */
abstract class TextSocket implements FrameHandler, Transport {

    private static final Logger LOG = LoggerFactory.getLogger(TextSocket.class);

    private final int longestText;
    private final Duration closeGrace;
    private final Heartbeat heartbeat;
    private CoreSession session;
    private WebSocketConnection connection;
    private ByteBuffer fragments;

    TextSocket(LiveSettings settings, Heartbeat heartbeat) {
        this.longestText = (int) settings.maxFrame().toBytes();
        this.closeGrace = settings.closeGrace();
        this.heartbeat = heartbeat;
    }

    abstract void opened();

    abstract void text(String text);

    abstract void pong();

    /** The connection is gone; called once. */
    abstract void gone();

    @Override
    public void onOpen(CoreSession coreSession, Callback callback) {
        session = coreSession;
        connection = ((WebSocketCoreSession) coreSession).getConnection();
        callback.succeeded();
        opened();
        session.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        String text = null;
        try {
            switch (frame.getOpCode()) {
                case OpCode.TEXT, OpCode.CONTINUATION -> text = complete(frame);
                case OpCode.BINARY -> close(CloseCode.UNSUPPORTED, "Text frames only");
                case OpCode.PING -> session.sendFrame(pongFor(frame), Callback.NOOP, false);
                case OpCode.PONG -> pong();
                default -> {
                    // A close frame, which Jetty answers.
                }
            }
        } catch (CharacterCodingException e) {
            close(CloseCode.BAD_TEXT, "Not UTF-8");
        }
        callback.succeeded();
        if (text != null) {
            handle(text);
        }
        if (frame.getOpCode() != OpCode.CLOSE) {
            session.demand();
        }
    }

    /** Nothing escapes: Jetty would count the frame as failed, and its buffer was given back already. */
    private void handle(String text) {
        try {
            text(text);
        } catch (RuntimeException e) {
            LOG.error("A live client's message failed", e);
            close(CloseCode.FAILED, "The hub failed");
        }
    }

    /** The text, when its last fragment is there. */
    private String complete(Frame frame) throws CharacterCodingException {
        ByteBuffer payload = frame.getPayload();
        if (frame.isFin() && fragments == null) {
            return decoded(payload);
        }
        int size = (fragments == null ? 0 : fragments.remaining()) + payload.remaining();
        if (size > longestText) {
            close(CloseCode.TOO_BIG, "Longer than " + longestText + " bytes");
            return null;
        }
        ByteBuffer joined = ByteBuffer.allocate(size);
        joined.put(fragments == null ? BufferUtil.EMPTY_BUFFER : fragments).put(payload.slice()).flip();
        fragments = frame.isFin() ? null : joined;
        return frame.isFin() ? decoded(joined) : null;
    }

    private static String decoded(ByteBuffer bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(bytes.slice()).toString();
    }

    private static Frame pongFor(Frame ping) {
        return new Frame(OpCode.PONG, BufferUtil.copy(ping.getPayload()));
    }

    void ping() {
        session.sendFrame(new Frame(OpCode.PING), Callback.NOOP, false);
    }

    @Override
    public void write(List<byte[]> frames, Callback written) {
        if (frames.get(0).length <= longestText) {
            // Past the fragmenting and the extensions, which have nothing to do here and cost a tenth of a write. Frames keep their order.
            Frame frame = frames.size() > 1 ? new FrameGroup(frames) : new Frame(OpCode.TEXT, ByteBuffer.wrap(frames.get(0)));
            connection.enqueueFrame(frame, written, false);
            return;
        }
        // What is longer than a frame may be, Jetty sends in fragments.
        int last = frames.size() - 1;
        for (int i = 0; i <= last; i++) {
            session.sendFrame(new Frame(OpCode.TEXT, ByteBuffer.wrap(frames.get(i))), i == last ? written : Callback.NOOP, i < last);
        }
    }

    @Override
    public void close(int code, String reason) {
        session.close(code, reason, Callback.NOOP);
        heartbeat.later(closeGrace, this::cut);
    }

    /** Without a word, and at once. */
    void cut() {
        session.abort();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus closeStatus, Callback callback) {
        gone();
        callback.succeeded();
    }
}
