package dev.serai.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.testing.NodePackages;
import dev.serai.testing.NodeProcess;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Clients by the real npm packages, each with a name, and all that they have seen. */
final class LiveClients implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final NodeProcess node = NodePackages.start("live.mjs");
    private final String baseUrl;

    /** @param baseUrl of the hub that clients connect to unless they are told another */
    LiveClients(String baseUrl) {
        this.baseUrl = baseUrl;
    }

    /** A plain WebSocket that is connected. */
    void plain(String name, String path, Map<String, String> headers) {
        tryPlain(name, path, headers);
        awaitEvent(name, "connected");
    }

    void plain(String name) {
        plain(name, "/ws?device_id=" + name, Map.of());
    }

    /** A plain WebSocket that may be refused. */
    void tryPlain(String name, String path, Map<String, String> headers) {
        ObjectNode command = command("open", name).put("url", url(path).replaceFirst("^http", "ws"));
        command.set("headers", JSON.valueToTree(headers));
        send(command);
    }

    /** A socket.io client that is connected. */
    void socketIo(String name, Map<String, ?> options) {
        trySocketIo(name, options);
        awaitEvent(name, "connected");
    }

    void trySocketIo(String name, Map<String, ?> options) {
        trySocketIo(name, baseUrl, options);
    }

    void trySocketIo(String name, String url, Map<String, ?> options) {
        ObjectNode command = command("open", name).put("url", url);
        command.set("options", JSON.valueToTree(options));
        send(command);
    }

    private String url(String path) {
        return path.startsWith("http") ? path : baseUrl + path;
    }

    void event(String name, String event, String data) {
        text(name, "{\"event\":\"" + event + "\",\"data\":" + data + "}");
    }

    void text(String name, String content) {
        send(command("text", name).put("content", content));
    }

    void text(String name, String content, int times) {
        send(command("text", name).put("content", content).put("times", times));
    }

    void emit(String name, String event, String data, boolean ack) {
        ObjectNode command = command("emit", name).put("event", event).put("ack", ack);
        command.set("data", json(data));
        send(command);
    }

    /** {@code binary}, {@code pause}, {@code resume} or {@code close}. */
    void tell(String what, String name) {
        send(command(what, name));
    }

    JsonNode await(String name, Predicate<JsonNode> fits) {
        return json(node.awaitLine(line -> isFrom(line, name) && fits.test(json(line))));
    }

    JsonNode awaitEvent(String name, String event) {
        return await(name, seen -> seen.path("event").asText().equals(event)).path("data");
    }

    /** The critical event with this number, as a client got it. */
    JsonNode awaitCritical(String name, long eventId) {
        return await(name, seen -> isCritical(seen) && seen.path("data").path("event_id").asLong() == eventId).path("data");
    }

    int awaitClose(String name) {
        return await(name, seen -> seen.has("closed")).path("closed").asInt();
    }

    /** Everything that a client has seen so far. */
    List<JsonNode> seen(String name) {
        return node.lines().stream().filter(line -> isFrom(line, name)).map(LiveClients::json).toList();
    }

    /** The numbers of the critical events that a client has seen, from this number on, in the order it saw them. */
    List<Long> criticals(String name, long from) {
        return seen(name).stream().filter(LiveClients::isCritical).map(seen -> seen.path("data").path("event_id").asLong())
                .filter(id -> id >= from).toList();
    }

    private static boolean isCritical(JsonNode seen) {
        return seen.path("event").asText().equals("critical_event");
    }

    private static boolean isFrom(String line, String name) {
        return line.startsWith("{\"client\":\"" + name + "\"");
    }

    private static ObjectNode command(String what, String name) {
        return JSON.createObjectNode().put(what, name);
    }

    private void send(ObjectNode command) {
        node.send(command.toString());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Not JSON: " + text, e);
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
