package dev.serai.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.serai.testing.Api;
import dev.serai.testing.HubProcess;
import dev.serai.testing.SourceServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Applied records go on to a ScheduleHub, a real HTTP server that fails at first. */
class ScheduleHubIT {

    private final ObjectMapper json = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES).build();
    private final List<JsonNode> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger(2);

    @Test
    void everyAppliedRecordArrivesOnceAndInOrderThoughTheHubRefusesAtFirst() throws IOException {
        HttpServer scheduleHub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        scheduleHub.createContext("/", this::answer);
        scheduleHub.start();
        String url = "http://127.0.0.1:" + scheduleHub.getAddress().getPort();
        try (SourceServer source = new SourceServer();
                HubProcess hub = HubProcess.onNewData().with("SERAI_CONNECTOR_URL", source.url()).with("SERAI_SCHEDULEHUB_URL", url).start()) {
            Api api = new Api(hub::baseUrl);
            String price = "123456789012345678901.50";
            source.table("parts", IntStream.range(0, 700).mapToObj(i -> "{\"id\": " + i + ", \"price\": " + price + "}").toList());
            start(api);
            await().atMost(Duration.ofSeconds(60)).until(() -> received.size() >= 700);
            assertThat(received).extracting(record -> record.path("id").asInt()).containsExactlyElementsOf(IntStream.range(0, 700).boxed().toList());
            assertThat(received).allSatisfy(record -> assertThat(record.path("price").asText()).isEqualTo(price));

            source.table("parts", IntStream.range(1, 700).mapToObj(i -> "{\"id\": " + i + ", \"price\": " + price + "}").toList());
            start(api);
            await().atMost(Duration.ofSeconds(60)).until(() -> received.size() > 700);
            assertThat(received.get(700).path("key").asText()).isEqualTo("0");
            assertThat(received.get(700).path("deleted").asBoolean()).isTrue();
            assertThat(received).hasSize(701);
        } finally {
            scheduleHub.stop(0);
        }
    }

    private void start(Api api) {
        String body = "{\"entity_name\": \"parts\", \"connector_api_slug\": \"parts\", \"business_key_fields\": [\"id\"], \"sync_type\": \"full\"}";
        assertThat(api.post("/api/v1/sync/start", body).status()).isEqualTo(202);
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode body = json.readTree(exchange.getRequestBody());
        boolean refuse = refusals.getAndDecrement() > 0;
        if (!refuse && exchange.getRequestURI().getPath().equals("/parts")) {
            body.path("records").forEach(received::add);
        }
        exchange.sendResponseHeaders(refuse ? 503 : 204, -1);
        exchange.close();
    }
}
