package dev.serai.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A real HTTP source: tables of JSON records, served in pages as the connector service serves them. */
public final class SourceServer implements AutoCloseable {

    /** What the server does before it answers a page. */
    @FunctionalInterface
    public interface Mood {

        /** @return the status to answer with; 200 for the page */
        int statusFor(String table, int page) throws InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final Map<String, List<String>> tables = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> cursors = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile Mood mood = (table, page) -> 200;

    public SourceServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The connector's file by which a hub pulls a table under its own name; more parameters may follow. */
    public String connector(String table) {
        return """
                - templatedRoute:
                    routeTemplateRef: pull-connector
                    routeId: pull-%1$s
                    parameters:
                      - {name: slug, value: %1$s}
                      - {name: url, value: "%2$s/%1$s"}
                      - {name: keys, value: id}
                """.formatted(table, url());
    }

    /** @param records JSON texts, in order */
    public SourceServer table(String name, List<String> records) {
        tables.put(name, records);
        return this;
    }

    /** @param answers the answer to each cursor, that to none of them by an empty text; another cursor is gone */
    public SourceServer cursors(String name, Map<String, String> answers) {
        cursors.put(name, answers);
        return this;
    }

    public void mood(Mood mood) {
        this.mood = mood;
    }

    /** Paths with their queries, as they were asked for. */
    public List<String> requests() {
        return requests;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String table = exchange.getRequestURI().getPath().substring(1);
        requests.add(exchange.getRequestURI().toString());
        Map<String, String> query = query(exchange.getRequestURI().getQuery());
        if (cursors.containsKey(table)) {
            String body = cursors.get(table).get(query.getOrDefault("cursor", ""));
            send(exchange, body == null ? 410 : 200, body == null ? "{}" : body);
            return;
        }
        int page = Integer.parseInt(query.getOrDefault("page", "1"));
        int status = table.isEmpty() ? 200 : tables.containsKey(table) ? moodFor(table, page) : 404;
        send(exchange, status, status == 200 && !table.isEmpty() ? page(tables.get(table), page, Integer.parseInt(query.get("page_size"))) : "{}");
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private int moodFor(String table, int page) {
        try {
            return mood.statusFor(table, page);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 503;
        }
    }

    private static String page(List<String> records, int page, int size) {
        int from = Math.min(records.size(), (page - 1) * size);
        int to = Math.min(records.size(), from + size);
        return "{\"items\": [" + String.join(",\n", records.subList(from, to)) + "], \"has_more\": " + (to < records.size()) + "}";
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new HashMap<>();
        if (text != null) {
            for (String pair : text.split("&")) {
                query.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
            }
        }
        return query;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
