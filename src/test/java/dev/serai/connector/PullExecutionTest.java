package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.run.Run;
import dev.serai.run.RunWorkers;
import dev.serai.run.Runs;
import dev.serai.run.SyncRequest;
import dev.serai.run.SyncRequest.SyncType;
import dev.serai.testing.Core;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PullExecutionTest {

    private final Core core = new Core();

    @AfterEach
    void close() {
        core.close();
    }

    @Test
    void aRunWhoseConnectorCannotBeUsedAnyMoreFailsAndSaysWhy() throws Exception {
        RouteDefinition file = new RouteDefinition("direct:pull-broken");
        file.setId("pull-broken");
        file.setTemplateParameters(Map.of("paging", "by-hand"));
        core.bean(CamelContext.class).getCamelContextExtension().getContextPlugin(Model.class).addRouteDefinition(file);
        Runs runs = core.bean(Runs.class);
        Run run = runs.create(new SyncRequest("broken", "broken", List.of("id"), SyncType.FULL, 10, null, null, "updated_at", false));

        core.bean(RunWorkers.class).takeUp();

        await().until(() -> runs.find(run.runId()).orElseThrow().hasEnded());
        assertThat(runs.find(run.runId()).orElseThrow().errorMessage()).contains("broken cannot be used").contains("by-hand");
    }
}
