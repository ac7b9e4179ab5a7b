package dev.serai.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A store with products of its own: people edit them, it tells the hub by signed webhooks and repeats each until it is taken, and it takes
 * the hub's webhooks, field by field, where they are newer than its own edits. It can be down, and fail as often as the test says.
 */
public final class LivingStore implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SENDERS = 4;

    private final String storeId;
    private final byte[] key;
    private final Supplier<String> hub;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Message> outbox = new LinkedBlockingQueue<>();
    private final AtomicInteger unsent = new AtomicInteger();
    private final Map<String, Map<String, Field>> products = new TreeMap<>();
    private final ConcurrentLinkedQueue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger failed = new AtomicInteger();
    private volatile double failureRate;
    private volatile boolean down;
    private volatile boolean closed;
    private Instant lastEdit = Instant.EPOCH;

    private record Field(JsonNode value, Instant at) {}

    private record Message(String id, byte[] body) {}

    /**
     * A store that knows the hub's address whenever it sends.
     *
     * @param secret {@code whsec_…}
     */
    public LivingStore(String storeId, String secret, Supplier<String> hub) {
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.storeId = storeId;
        this.key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
        this.hub = hub;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::take);
        server.setExecutor(threads);
        server.start();
        for (int i = 0; i < SENDERS; i++) {
            threads.execute(this::sendOn);
        }
    }

    public String id() {
        return storeId;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    public void failing(double rate) {
        failureRate = rate;
    }

    public void down(boolean isDown) {
        down = isDown;
    }

    /** Edits one field here, and tells the hub. */
    public synchronized void edit(String product, String field, JsonNode value) {
        Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MICROS);
        lastEdit = now.isAfter(lastEdit) ? now : lastEdit.plus(1, ChronoUnit.MICROS);
        fields(product).put(field, new Field(value, lastEdit));
        ObjectNode body = JSON.createObjectNode().put("id", product).put("updated_at", lastEdit.toString());
        body.set(field, value);
        unsent.incrementAndGet();
        outbox.add(new Message(UUID.randomUUID().toString(), body.toString().getBytes(StandardCharsets.UTF_8)));
    }

    /** What it has of a field; null for nothing. */
    public synchronized JsonNode value(String product, String field) {
        Field found = fields(product).get(field);
        return found == null ? null : found.value();
    }

    /** Webhooks that the hub has not taken yet. */
    public int unsent() {
        return unsent.get();
    }

    public String summary() {
        return storeId + ": " + received.get() + " webhooks received, " + failed.get() + " of them failed on purpose";
    }

    /** What was wrong with the hub's webhooks. */
    public Iterable<String> complaints() {
        return complaints;
    }

    private Map<String, Field> fields(String product) {
        return products.computeIfAbsent(product, id -> new TreeMap<>());
    }

    private void sendOn() {
        while (!closed) {
            try {
                Message message = outbox.poll(100, TimeUnit.MILLISECONDS);
                if (message != null) {
                    send(message);
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private void send(Message message) throws InterruptedException {
        while (!closed) {
            try {
                String timestamp = Long.toString(Clock.systemUTC().instant().getEpochSecond());
                HttpRequest request = HttpRequest.newBuilder(URI.create(hub.get() + "/v1/webhooks/" + storeId + "/products"))
                        .timeout(Duration.ofSeconds(10))
                        .header("Content-Type", "application/json")
                        .header("webhook-id", message.id())
                        .header("webhook-timestamp", timestamp)
                        .header("webhook-signature", "v1," + sign(message.id(), timestamp, message.body()))
                        .POST(BodyPublishers.ofByteArray(message.body()))
                        .build();
                int status = http.send(request, BodyHandlers.discarding()).statusCode();
                if (status == 202) {
                    unsent.decrementAndGet();
                    return;
                }
                if (status < 500) {
                    complaints.add("the hub answered " + status + " to " + new String(message.body(), StandardCharsets.UTF_8));
                    unsent.decrementAndGet();
                    return;
                }
            } catch (IOException | IllegalArgumentException e) {
                // The hub is away; it comes back.
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private String sign(String id, String timestamp, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update((id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        received.incrementAndGet();
        if (down) {
            failed.incrementAndGet();
            exchange.close();
            return;
        }
        boolean fails = ThreadLocalRandom.current().nextDouble() < failureRate;
        // Half of the failures come after the store has taken the webhook.
        if (!fails || ThreadLocalRandom.current().nextBoolean()) {
            apply(exchange, body);
        }
        failed.addAndGet(fails ? 1 : 0);
        exchange.sendResponseHeaders(fails ? 503 : 204, -1);
        exchange.close();
    }

    private synchronized void apply(HttpExchange exchange, byte[] body) throws IOException {
        String expected = "v1," + sign(
                exchange.getRequestHeaders().getFirst("webhook-id"), exchange.getRequestHeaders().getFirst("webhook-timestamp"), body);
        boolean signed = Arrays.stream(exchange.getRequestHeaders().getFirst("webhook-signature").split(" "))
                .anyMatch(one -> MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8)));
        if (!signed) {
            complaints.add("a webhook was not signed with the store's secret");
            return;
        }
        JsonNode message = JSON.readTree(body);
        Instant at = Instant.parse(message.path("modified_at").asText());
        Map<String, Field> mine = fields(message.path("entity_id").asText());
        message.path("changed_fields").forEach(name -> {
            Field before = mine.get(name.asText());
            JsonNode value = message.path("data").get(name.asText());
            if (before == null || !at.isBefore(before.at())) {
                mine.put(name.asText(), new Field(value, at));
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        server.stop(0);
        threads.shutdownNow();
    }
}
