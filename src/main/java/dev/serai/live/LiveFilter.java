package dev.serai.live;

import com.fasterxml.jackson.databind.ObjectReader;
import dev.serai.web.ApiException;
import dev.serai.web.FaceErrors;
import dev.serai.web.RequestFilter;
import dev.serai.web.RequestPath;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** Takes the handshakes out of the stream of requests: those of the faces' WebSockets, and everything of socket.io. */
final class LiveFilter extends RequestFilter {

    private final LiveCore core;
    private final List<Mapped> endpoints;
    private final EngineServer engine;
    private final Origins origins;
    private final Upgrader upgrader;
    private final FaceErrors errors;
    private final ObjectReader json;

    private record Mapped(PathPattern pattern, LiveEndpoint endpoint) {}

    LiveFilter(LiveCore core, List<LiveEndpoint> endpoints, EngineServer engine, Origins origins, Upgrader upgrader, FaceErrors errors,
            ObjectReader json) {
        this.core = core;
        this.endpoints = endpoints.stream()
                .map(endpoint -> new Mapped(PathPatternParser.defaultInstance.parse(endpoint.path()), endpoint))
                .sorted(Comparator.comparing(Mapped::pattern))
                .toList();
        this.engine = engine;
        this.origins = origins;
        this.upgrader = upgrader;
        this.errors = errors;
        this.json = json;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        PathContainer path = RequestPath.of(request);
        Mapped mapped = endpoints.stream().filter(one -> one.pattern().matches(path)).findFirst().orElse(null);
        boolean forEngine = EngineServer.PATH.equals(path.value()) || path.value().startsWith(EngineServer.PATH + "/");
        if (mapped == null && !forEngine) {
            chain.doFilter(request, response);
            return;
        }
        try {
            origins.require(request);
            if (forEngine) {
                engine.handle(request, response);
            } else {
                open(mapped, path, request, response);
            }
        } catch (ApiException e) {
            errors.write(request, response, e);
        }
    }

    private void open(Mapped mapped, PathContainer path, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!"GET".equals(request.getMethod())) {
            throw new ApiException(405, "METHOD_NOT_ALLOWED", "This path takes WebSocket handshakes only.", null, Map.of("Allow", "GET"));
        }
        if (!Upgrader.isUpgrade(request)) {
            throw new ApiException(426, "UPGRADE_REQUIRED", "This path is a WebSocket: send an upgrade request.", null,
                    Map.of("Upgrade", "websocket", "Connection", "Upgrade"));
        }
        Handshake handshake = Handshake.of(request, mapped.pattern().matchAndExtract(path).getUriVariables());
        Connections.Place address = core.connections().ofAddress(handshake.address());
        try {
            LiveClient client = mapped.endpoint().accept(handshake);
            Connections.Place own = core.connections().ofClient(client.countedAs());
            Connections.Place both = () -> {
                own.close();
                address.close();
            };
            upgrader.upgrade(request, new PlainSocket(core, json, mapped.endpoint(), client, both), both::close);
        } catch (RuntimeException e) {
            address.close();
            throw e;
        }
    }
}
