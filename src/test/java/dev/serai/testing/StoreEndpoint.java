package dev.serai.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A store's webhook endpoint over real HTTP: keeps what it is sent, and answers as the test says. */
public final class StoreEndpoint implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private volatile Function<Received, Reply> behaviour = request -> new Reply(204, Map.of());

    /** A webhook as it came. */
    public record Received(String path, Map<String, String> headers, byte[] bytes, JsonNode body) {

        public String header(String name) {
            return headers.get(name.toLowerCase());
        }

        public String id() {
            return header("webhook-id");
        }
    }

    /** A status, with headers. */
    public record Reply(int status, Map<String, String> headers) {}

    public StoreEndpoint() {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook");
    }

    /** Answers every request from now on; it may wait. */
    public StoreEndpoint answering(Function<Received, Reply> behaviour) {
        this.behaviour = behaviour;
        return this;
    }

    public StoreEndpoint answering(int status) {
        return answering(request -> new Reply(status, Map.of()));
    }

    /** In the order of their arrival. */
    public List<Received> received() {
        return received;
    }

    /** How many connections there have been. */
    public int connections() {
        return connections.size();
    }

    private void answer(HttpExchange exchange) throws IOException {
        connections.add(exchange.getRemoteAddress().getPort());
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        Received request = new Received(exchange.getRequestURI().getPath(), headers, bytes, JSON.readTree(bytes));
        received.add(request);
        Reply reply = behaviour.apply(request);
        reply.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(reply.status(), -1);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
