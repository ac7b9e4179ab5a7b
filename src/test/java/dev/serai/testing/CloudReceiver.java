package dev.serai.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP endpoint that takes orders in as a cloud does: an order whose idempotency key it knows has no second effect. */
public final class CloudReceiver implements AutoCloseable {

    /** What it does with a request. */
    public enum Mood {
        /** Takes the orders and says so. */
        WELL,
        /** Takes the orders, and the connection breaks before the answer. */
        LOSES_ANSWER,
        /** The same where one of the orders is new to it; else it says so. */
        LOSES_FIRST_ANSWER,
        /** Takes nothing, and answers 500. */
        BROKEN,
        /** Takes the orders, and answers what is no JSON. */
        MUMBLES,
        /** Takes the orders, and speaks of every second of them only. */
        FORGETS,
        /** Takes the orders, and answers when nobody waits any more. */
        SLOW,
        /** Calls each order a conflict. */
        CONFLICT,
        /** Refuses each order. */
        FAILS
    }

    /** Chooses what it does with a request, by its number from 1 on. */
    @FunctionalInterface
    public interface Moods {
        Mood of(int request);
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final Set<String> effects = ConcurrentHashMap.newKeySet();
    private final Map<Long, Set<String>> keys = new ConcurrentHashMap<>();
    private volatile Moods moods = request -> Mood.WELL;

    public CloudReceiver() {
        this(0);
    }

    /** @param port 0 for any that is free */
    public CloudReceiver(int port) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/sync", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/sync";
    }

    public CloudReceiver moods(Moods moods) {
        this.moods = moods;
        return this;
    }

    /** The bodies of all requests. */
    public List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    /** How many orders it has, each once. */
    public int orders() {
        return effects.size();
    }

    /** The keys under which an order came, by its number. */
    public Map<Long, Set<String>> keys() {
        return keys;
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode body = JSON.readTree(exchange.getRequestBody());
        int number;
        synchronized (requests) {
            requests.add(body);
            number = requests.size();
        }
        Mood mood = moods.of(number);
        boolean hasNew = mood != Mood.BROKEN && mood != Mood.FAILS && mood != Mood.CONFLICT && take(body);
        switch (mood) {
            case LOSES_ANSWER -> exchange.close();
            case LOSES_FIRST_ANSWER -> {
                if (hasNew) {
                    exchange.close();
                } else {
                    send(exchange, 200, results(body, mood));
                }
            }
            case BROKEN -> send(exchange, 500, "{\"error\": \"out of order\"}");
            case MUMBLES -> send(exchange, 200, "<html>results: [");
            case SLOW -> {
                pause();
                send(exchange, 200, results(body, mood));
            }
            default -> send(exchange, 200, results(body, mood));
        }
    }

    /** Answers whether one of the orders is new. */
    private boolean take(JsonNode body) {
        boolean hasNew = false;
        for (JsonNode order : body.path("orders")) {
            String key = order.path("idempotency_key").asText();
            hasNew |= effects.add(key);
            keys.computeIfAbsent(order.path("order_id").asLong(), id -> ConcurrentHashMap.newKeySet()).add(key);
        }
        return hasNew;
    }

    private static String results(JsonNode body, Mood mood) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode results = answer.putArray("results");
        int place = 0;
        for (JsonNode order : body.path("orders")) {
            if (mood != Mood.FORGETS || place++ % 2 == 0) {
                String status = mood == Mood.CONFLICT ? "conflict" : mood == Mood.FAILS ? "failed" : "synced";
                results.addObject().put("order_id", order.path("order_id").asLong()).put("status", status).put("detail", "as told");
            }
        }
        return answer.toString();
    }

    /** What a slow cloud does before it answers. */
    private static void pause() {
        try {
            Thread.sleep(3_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
