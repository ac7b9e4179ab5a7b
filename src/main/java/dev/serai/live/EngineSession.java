package dev.serai.live;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;

/**
 * One Engine.IO session: packets out by whichever transport is open, packets in from it, and the change from polling to WebSocket. What
 * waits here is one write of the {@link Outbox} and a few control packets, so it is bounded.
 */
final class EngineSession implements Transport, Heartbeat.Peer {

    private static final char SEPARATOR = '\u001e';
    private static final byte[] CLOSE = {'1'};
    private static final byte[] PING = {'2'};
    private static final byte[] NOOP = {'6'};
    private static final SecureRandom RANDOM = new SecureRandom();

    /** What is spoken over the session. */
    interface Speaker {

        /** A message; false where it broke the protocol. */
        boolean heard(String message);

        void ended();
    }

    private final String sid = newSid();
    private final LiveCore core;
    private final Consumer<EngineSession> whenEnded;
    private final Pulse pulse;
    private final List<byte[]> waiting = new ArrayList<>();
    private final List<Callback> callbacks = new ArrayList<>();
    private Speaker speaker;
    private boolean polling;
    private Poll poll;
    private EngineSocket socket;
    private EngineSocket probing;
    private boolean socketBusy;
    private boolean ended;

    EngineSession(LiveCore core, boolean polling, Consumer<EngineSession> whenEnded) {
        this.core = core;
        this.polling = polling;
        this.whenEnded = whenEnded;
        this.pulse = new Pulse(core.settings().pingInterval(), core.settings().pingTimeout());
    }

    private static String newSid() {
        byte[] random = new byte[18];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    String sid() {
        return sid;
    }

    void speak(Speaker speaker) {
        this.speaker = speaker;
    }

    void begin() {
        core.heartbeat().add(this);
        // Who never says which namespace it wants is not kept.
        core.heartbeat().later(core.settings().pingInterval().plus(core.settings().pingTimeout()), () -> {
            if (speaker instanceof SocketIo socketIo && !socketIo.isConnected()) {
                close(CloseCode.POLICY, "Not connected to a namespace");
            }
        });
    }

    String openPacket() {
        LiveSettings settings = core.settings();
        return "0{\"sid\":\"" + sid + "\",\"upgrades\":" + (polling ? "[\"websocket\"]" : "[]")
                + ",\"pingInterval\":" + settings.pingInterval().toMillis() + ",\"pingTimeout\":" + settings.pingTimeout().toMillis()
                + ",\"maxPayload\":" + settings.maxFrame().toBytes() + "}";
    }

    /** A GET of a polling client: answered as soon as there is something to say. */
    void poll(HttpServletRequest request, HttpServletResponse response) throws EngineProblem {
        boolean overlapping;
        synchronized (this) {
            if (!polling || ended) {
                throw EngineProblem.BAD_REQUEST;
            }
            overlapping = poll != null;
            if (!overlapping) {
                poll = new Poll(request, response);
                if (probing != null && waiting.isEmpty()) {
                    // The client waits for its poll to end before it changes over.
                    waiting.add(NOOP);
                }
            }
        }
        if (overlapping) {
            end();
            throw EngineProblem.BAD_REQUEST;
        }
        flush();
    }

    /** The body of a POST, one or more packets. */
    void receive(String body) throws EngineProblem {
        synchronized (this) {
            if (!polling || ended) {
                throw EngineProblem.BAD_REQUEST;
            }
        }
        for (String packet : body.split(String.valueOf(SEPARATOR), -1)) {
            if (!heard(packet)) {
                core.metrics().dropped(Protocol.SOCKET_IO, "malformed");
                end();
                throw EngineProblem.BAD_REQUEST;
            }
        }
    }

    /** False where it is no packet that a client may send. */
    boolean heard(String packet) {
        char type = packet.isEmpty() ? ' ' : packet.charAt(0);
        switch (type) {
            case '1' -> bye();
            case '3' -> pulse.answered();
            case '4' -> {
                return speaker.heard(packet.substring(1));
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The client ends it; a poll that is open ends with a packet that says nothing. */
    private void bye() {
        Poll open = takePoll();
        if (open != null) {
            open.answer(NOOP, Callback.NOOP);
        }
        end();
    }

    synchronized boolean mayUpgrade() {
        return polling && !ended && probing == null;
    }

    /** A WebSocket that the session begins with, or has changed over to. */
    void use(EngineSocket opened) {
        Poll open;
        synchronized (this) {
            polling = false;
            probing = null;
            socket = opened;
            open = poll;
            poll = null;
        }
        if (open != null) {
            open.answer(NOOP, Callback.NOOP);
        }
        flush();
    }

    void probe(EngineSocket opened) {
        boolean pollIsOpen;
        synchronized (this) {
            probing = opened;
            pollIsOpen = poll != null && waiting.isEmpty();
            if (pollIsOpen) {
                waiting.add(NOOP);
            }
        }
        if (pollIsOpen) {
            flush();
        }
    }

    /** A WebSocket is gone. One that only tried leaves the session with its polling. */
    void lost(EngineSocket gone) {
        boolean mine;
        synchronized (this) {
            if (probing == gone) {
                probing = null;
            }
            mine = socket == gone;
        }
        if (mine) {
            end();
        }
    }

    @Override
    public void write(List<byte[]> frames, Callback written) {
        synchronized (this) {
            if (!ended) {
                waiting.addAll(frames);
                callbacks.add(written);
                written = null;
            }
        }
        if (written != null) {
            written.failed(new IllegalStateException("The session has ended"));
        } else {
            flush();
        }
    }

    private void control(byte[] packet) {
        synchronized (this) {
            waiting.add(packet);
        }
        flush();
    }

    private void flush() {
        List<byte[]> packets;
        Callback written;
        Poll open = null;
        EngineSocket to;
        synchronized (this) {
            to = socket;
            boolean ready = to == null ? poll != null : !socketBusy;
            if (!ready || waiting.isEmpty()) {
                return;
            }
            packets = List.copyOf(waiting);
            waiting.clear();
            written = taken();
            if (to == null) {
                open = poll;
                poll = null;
            } else {
                socketBusy = true;
            }
        }
        if (to == null) {
            open.answer(joined(packets), written);
        } else {
            to.write(packets, Callback.from(() -> {
                synchronized (this) {
                    socketBusy = false;
                }
                written.succeeded();
                flush();
            }, written::failed));
        }
    }

    private Callback taken() {
        List<Callback> those = List.copyOf(callbacks);
        callbacks.clear();
        return Callback.from(() -> those.forEach(Callback::succeeded), failure -> those.forEach(one -> one.failed(failure)));
    }

    private static byte[] joined(List<byte[]> packets) {
        if (packets.size() == 1) {
            return packets.get(0);
        }
        StringBuilder payload = new StringBuilder();
        for (byte[] packet : packets) {
            payload.append(payload.length() == 0 ? "" : SEPARATOR).append(new String(packet, StandardCharsets.UTF_8));
        }
        return payload.toString().getBytes(StandardCharsets.UTF_8);
    }

    private synchronized Poll takePoll() {
        Poll open = poll;
        poll = null;
        return open;
    }

    @Override
    public void beat(long nanoTime) {
        switch (pulse.at(nanoTime)) {
            case ASK -> control(PING);
            case GIVE_UP -> {
                core.metrics().dropped(Protocol.SOCKET_IO, "silent");
                end();
            }
            default -> {
                // Not yet.
            }
        }
    }

    @Override
    public void goAway() {
        close(CloseCode.GOING_AWAY, "The hub stops");
    }

    @Override
    public void close(int code, String reason) {
        EngineSocket open;
        synchronized (this) {
            open = socket;
        }
        if (open == null) {
            end();
        } else {
            open.close(code, reason);
        }
    }

    /** The session is over; what is still open of it is closed. */
    void end() {
        EngineSocket open;
        EngineSocket trying;
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            open = socket;
            trying = probing;
            waiting.clear();
        }
        core.heartbeat().remove(this);
        Poll last = takePoll();
        if (last != null) {
            last.answer(CLOSE, Callback.NOOP);
        }
        if (open != null) {
            open.close(CloseCode.NORMAL, null);
        }
        if (trying != null) {
            trying.close(CloseCode.NORMAL, null);
        }
        speaker.ended();
        whenEnded.accept(this);
    }
}
