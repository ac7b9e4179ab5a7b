package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.schedule.Flows;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a schedule starts is the route as it is at that moment. */
class RouteFlowsTest {

    @Test
    void anEditedRouteIsTheOneThatRuns(@TempDir Path home) {
        try (FaceHub hub = new FaceHub(home)) {
            List<String> heard = new CopyOnWriteArrayList<>();
            hub.camel().getRegistry().bind("ear", (Ear) heard::add);
            hub.write("nightly.camel.yaml", route("first ${body}"));
            await().until(() -> hub.camel().getRoute("nightly") != null);
            Flows flows = hub.bean(Flows.class);

            flows.start("nightly", "POS-001");
            hub.write("nightly.camel.yaml", route("second ${body}"));

            await().untilAsserted(() -> {
                flows.start("nightly", "POS-001");
                assertThat(heard).contains("second POS-001");
            });
            assertThat(heard).startsWith("first POS-001");
        }
    }

    @Test
    void aFailureIsTheRoutesOwn(@TempDir Path home) {
        try (FaceHub hub = new FaceHub(home)) {
            hub.camel().getRegistry().bind("ear", (Ear) text -> {
                throw new IllegalStateException("deaf");
            });
            hub.write("nightly.camel.yaml", route("${body}"));
            await().until(() -> hub.camel().getRoute("nightly") != null);

            assertThatThrownBy(() -> hub.bean(Flows.class).start("nightly", "POS-001")).isInstanceOf(IllegalStateException.class).hasMessage("deaf");
        }
    }

    private static String route(String text) {
        return """
                - route:
                    id: nightly
                    description: Says something each night
                    from:
                      uri: direct:nightly
                      steps:
                        - setBody: {expression: {simple: {expression: "%s"}}}
                        - bean: {ref: ear, method: hear}
                """.formatted(text);
    }

    /** Where the routes of these tests end. */
    @FunctionalInterface
    public interface Ear {

        void hear(String text);
    }
}
