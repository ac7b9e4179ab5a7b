package dev.serai.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.live.Fixture.Peer;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The scheme live: in a Camel context that finds it by itself. */
class LiveSchemeTest {

    private final Fixture fixture = new Fixture();
    private final DefaultCamelContext camel = new DefaultCamelContext();
    private ProducerTemplate producer;

    @BeforeEach
    void start() throws Exception {
        camel.getRegistry().bind("live", fixture.live);
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from("direct:store").toD("live:stores/${header.store_id}?event=sync_started");
                from("direct:named").to("live:alerts");
            }
        });
        camel.start();
        producer = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        camel.stop();
        fixture.close();
    }

    @Test
    void aRoutePushesItsBodyAsTheDataOfAnEvent() {
        Peer store = fixture.peer("stores/17");
        Peer other = fixture.peer("stores/18");

        producer.sendBodyAndHeader("direct:store", Map.of("sync_id", "sync_1"), "store_id", "17");
        producer.sendBodyAndHeader("direct:store", "{ \"sync_id\" : \"sync_2\" }", "store_id", "17");

        await().until(() -> store.frames().size() == 2);
        assertThat(store.frames()).containsExactly(
                "{\"event\":\"sync_started\",\"data\":{\"sync_id\":\"sync_1\"}}", "{\"event\":\"sync_started\",\"data\":{\"sync_id\":\"sync_2\"}}");
        assertThat(other.frames()).isEmpty();
    }

    @Test
    void theEventMayComeAsAHeaderAndReadyMessagesGoOutAsTheyAre() {
        Peer peer = fixture.peer("alerts");

        producer.sendBodyAndHeader("direct:named", "[1]", "event", "alert_raised");
        producer.sendBody("direct:named", List.of(LiveMessage.of("a", "1"), LiveMessage.of("b", "2")));
        producer.sendBody("direct:named", List.of());

        await().until(() -> peer.frames().size() == 3);
        assertThat(peer.frames()).containsExactly(
                "{\"event\":\"alert_raised\",\"data\":[1]}", "{\"event\":\"a\",\"data\":1}", "{\"event\":\"b\",\"data\":2}");
    }

    @Test
    void aRouteThatNamesNoEventOrSendsNoJsonFails() {
        assertThatThrownBy(() -> producer.sendBody("direct:named", Map.of())).isInstanceOf(CamelExecutionException.class)
                .hasRootCauseMessage("live:alerts was given no event: name it as live:alerts?event=…");
        assertThatThrownBy(() -> producer.sendBodyAndHeader("direct:named", "no json", "event", "e")).isInstanceOf(CamelExecutionException.class);
    }
}
