package dev.serai.live;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.serai.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Engine.IO, protocol 4: sessions by long polling and WebSocket, which socket.io speaks over. */
final class EngineServer {

    static final String PATH = "/socket.io";

    private final LiveCore core;
    private final List<SocketIoFace> faces;
    private final Origins origins;
    private final Upgrader upgrader;
    private final ObjectReader json;
    private final Map<String, EngineSession> sessions = new ConcurrentHashMap<>();

    EngineServer(LiveCore core, List<SocketIoFace> faces, Origins origins, Upgrader upgrader, ObjectReader json) {
        this.core = core;
        this.faces = List.copyOf(faces);
        this.origins = origins;
        this.upgrader = upgrader;
        this.json = json;
    }

    void handle(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String foreign = origins.foreign(request);
        if (foreign != null) {
            response.setHeader("Access-Control-Allow-Origin", foreign);
            response.setHeader("Access-Control-Allow-Credentials", "true");
            response.addHeader("Vary", "Origin");
        }
        response.setHeader("Cache-Control", "no-store");
        if ("OPTIONS".equals(request.getMethod())) {
            preflight(request, response);
            return;
        }
        try {
            route(request, response);
        } catch (EngineProblem e) {
            answer(response, 400, "application/json", e.json());
        }
    }

    private void route(HttpServletRequest request, HttpServletResponse response) throws IOException, EngineProblem {
        if (!"4".equals(request.getParameter("EIO"))) {
            throw EngineProblem.UNSUPPORTED_VERSION;
        }
        String transport = request.getParameter("transport");
        boolean socket = "websocket".equals(transport);
        if (!socket && !"polling".equals(transport)) {
            throw EngineProblem.UNKNOWN_TRANSPORT;
        }
        if (socket && !Upgrader.isUpgrade(request)) {
            throw EngineProblem.BAD_REQUEST;
        }
        String sid = request.getParameter("sid");
        if (sid == null && !"GET".equals(request.getMethod())) {
            throw EngineProblem.BAD_METHOD;
        }
        EngineSession session = sid == null ? open(request, !socket) : find(sid);
        if (socket) {
            upgrade(request, session, sid != null);
        } else if (sid == null) {
            answer(response, 200, "text/plain; charset=UTF-8", session.openPacket());
        } else {
            poll(request, response, session);
        }
    }

    private EngineSession find(String sid) throws EngineProblem {
        EngineSession session = sessions.get(sid);
        if (session == null) {
            throw EngineProblem.UNKNOWN_SESSION;
        }
        return session;
    }

    private EngineSession open(HttpServletRequest request, boolean polling) {
        Handshake handshake = Handshake.of(request, Map.of());
        Connections.Place place = core.connections().ofAddress(handshake.address());
        EngineSession session = new EngineSession(core, polling, ended -> {
            sessions.remove(ended.sid());
            place.close();
        });
        session.speak(new SocketIo(core, faces, handshake, json, session));
        sessions.put(session.sid(), session);
        session.begin();
        return session;
    }

    private void upgrade(HttpServletRequest request, EngineSession session, boolean later) throws IOException, EngineProblem {
        if (later && !session.mayUpgrade()) {
            throw EngineProblem.BAD_REQUEST;
        }
        upgrader.upgrade(request, new EngineSocket(core, session, later), () -> {
            if (!later) {
                session.end();
            }
        });
    }

    private void poll(HttpServletRequest request, HttpServletResponse response, EngineSession session) throws IOException, EngineProblem {
        switch (request.getMethod()) {
            case "GET" -> session.poll(request, response);
            case "POST" -> {
                session.receive(body(request, session));
                answer(response, 200, "text/html", "ok");
            }
            default -> throw EngineProblem.BAD_METHOD;
        }
    }

    private String body(HttpServletRequest request, EngineSession session) throws IOException {
        int most = (int) core.settings().maxFrame().toBytes();
        byte[] body = request.getInputStream().readNBytes(most + 1);
        if (body.length > most) {
            session.close(CloseCode.TOO_BIG, "Longer than " + most + " bytes");
            throw ApiException.of(413, "A polling body may have " + most + " bytes.");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static void preflight(HttpServletRequest request, HttpServletResponse response) {
        response.setHeader("Access-Control-Allow-Methods", "GET, POST");
        String headers = request.getHeader("Access-Control-Request-Headers");
        if (headers != null) {
            response.setHeader("Access-Control-Allow-Headers", headers);
        }
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private static void answer(HttpServletResponse response, int status, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
