package dev.serai.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.testing.Api;
import dev.serai.testing.HubProcess;
import dev.serai.testing.SourceServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** Sources with files of their own, pulled by the packaged hub, while they and their files change. */
class ConnectorIT {

    private static final int PAGES = 20;

    private static final SourceServer SOURCE = new SourceServer();

    @TempDir
    static Path home;

    private static volatile boolean recovered;
    private static HubProcess hub;
    private static Api api;

    @BeforeAll
    static void start() throws IOException {
        FileSystemUtils.copyRecursively(Path.of("routes"), home.resolve("routes"));
        hub = HubProcess.onNewData().with("SERAI_HOME", home.toString()).start();
        api = new Api(() -> hub.baseUrl());
        SOURCE.mood((table, page) -> {
            if (table.startsWith("slow_")) {
                // The source is slow, so that its run is still going on when its file is changed.
                Thread.sleep(100);
            }
            if (table.equals("hanging") && page == 2) {
                // Longer than a route waits for what is under way on it.
                Thread.sleep(6_000);
            }
            return table.equals("unwell") && page == 2 && !recovered ? 503 : 200;
        });
    }

    @AfterAll
    static void stop() {
        hub.close();
        SOURCE.close();
    }

    @Test
    void aRunWhoseConnectorIsEditedGoesOnAndDeletesNothing() throws Exception {
        connector("slow_edited", "");
        SOURCE.table("slow_edited", records(PAGES * 10));
        String first = begin("slow_edited", "full");
        await().until(() -> asked("slow_edited", 5) == 1);
        connector("slow_edited", "      - {name: user, value: \"\"}\n");

        JsonNode run = finish(first);
        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("completed");
        assertThat(run.path("created").asInt()).isEqualTo(PAGES * 10);
        assertThat(asked("slow_edited", 1)).as("it went on where it was").isEqualTo(1);

        String second = begin("slow_edited", "full");
        await().until(() -> asked("slow_edited", 5) == 2);
        connector("slow_edited", "      - {name: sinceParam, value: since}\n");
        JsonNode again = finish(second);
        assertThat(again.path("status").asText()).as(again.toString()).isEqualTo("completed");
        assertThat(again.path("deleted").asInt()).isZero();
        assertThat(asked("slow_edited", 1)).as("it began again, since the source may be another").isEqualTo(3);
    }

    @Test
    void aRunGoesOnWhoseConnectorIsEditedWhileItsSourceHangs() throws Exception {
        connector("hanging", "");
        SOURCE.table("hanging", records(30));
        String run = begin("hanging", "full");
        await().until(() -> asked("hanging", 2) == 1);
        connector("hanging", "      - {name: user, value: \"\"}\n");

        JsonNode done = finish(run);
        assertThat(done.path("status").asText()).as(done.toString()).isEqualTo("completed");
        assertThat(done.path("total").asInt()).isEqualTo(30);
        assertThat(asked("hanging", 1)).isEqualTo(1);
    }

    @Test
    void aRunSaysThatItWaitsForItsSourceAndWhy() throws Exception {
        connector("unwell", "");
        SOURCE.table("unwell", records(30));
        String run = begin("unwell", "full");
        await().until(() -> status(run).path("message").asText(), "Waiting to ask again: the source answered 503, once so far"::equals);
        await().until(() -> status(run).path("message").asText(), "Waiting to ask again: the source answered 503, 2 times so far"::equals);
        recovered = true;

        JsonNode done = finish(run);
        assertThat(done.path("status").asText()).as(done.toString()).isEqualTo("completed");
        assertThat(done.path("total").asInt()).isEqualTo(30);
    }

    @Test
    void aRunWhoseConnectorIsDeletedFailsAndDeletesNothing() throws Exception {
        connector("slow_deleted", "");
        SOURCE.table("slow_deleted", records(PAGES * 10));
        finish(begin("slow_deleted", "full"));
        String run = begin("slow_deleted", "full");
        await().until(() -> asked("slow_deleted", 5) == 2);
        Files.delete(file("slow_deleted"));

        JsonNode failed = finish(run);
        assertThat(failed.path("status").asText()).as(failed.toString()).isEqualTo("failed");
        assertThat(failed.path("error_message").asText()).contains("there is no connector slow_deleted any more");
        assertThat(failed.path("deleted").asInt()).isZero();
    }

    @Test
    void aRecordWhoseRowIsBadThatDayIsNotDeleted() throws Exception {
        connector("bad_rows", "");
        List<String> rows = new ArrayList<>(records(20));
        SOURCE.table("bad_rows", rows);
        finish(begin("bad_rows", "full"));
        rows.set(3, "{\"id\": \"r3\", \"updated_at\": \"yesterday\"}");
        rows.remove(7);

        JsonNode run = finish(begin("bad_rows", "full"));

        assertThat(run.path("failed").asInt()).isEqualTo(1);
        assertThat(run.path("deleted").asInt()).as("r7 alone").isEqualTo(1);
        assertThat(api.get("/api/v1/records/bad_rows/r3").status()).isEqualTo(200);
        JsonNode letter = api.get("/api/v1/monitoring/failed-records?entity_name=bad_rows").body().path("items").path(0);
        assertThat(letter.path("key").asText()).as(letter.toString()).isEqualTo("r3");
        String retry = "{\"entity_name\": \"bad_rows\"}";
        assertThat(api.post("/api/v1/sync/retry-failed", retry).body().path("still_failed").asInt()).isEqualTo(1);
    }

    @Test
    void anIncrementalRunGoesOnByTheSourcesCursorUnlessThatIsForgotten() throws Exception {
        connector("by_cursor", "      - {name: paging, value: cursor}\n");
        String first = "{\"items\": [{\"id\": 1}], \"next_cursor\": \"c2\"}";
        String last = "{\"items\": [{\"id\": 2}]}";
        SOURCE.cursors("by_cursor", Map.of("", first, "c2", "{"));
        assertThat(finish(begin("by_cursor", "incremental")).path("error_message").asText()).endsWith("Start it again to go on from page 2.");
        SOURCE.cursors("by_cursor", Map.of("", first, "c2", "{\"items\": [], \"next_cursor\": \"c3\"}"));
        JsonNode forgotten = finish(begin("by_cursor", "incremental"));
        assertThat(forgotten.path("error_message").asText()).startsWith("Page 3 of by_cursor cannot be read: the source answered 410")
                .endsWith("Start it again: it begins at page 1, as the source may no longer know the cursor of this one.");

        SOURCE.cursors("by_cursor", Map.of("", first, "c2", last));
        JsonNode run = finish(begin("by_cursor", "incremental"));
        assertThat(run.path("status").asText()).as(run.toString()).isEqualTo("completed");
        assertThat(run.path("total").asInt()).isEqualTo(2);
    }

    private static Path file(String slug) {
        return home.resolve("routes/connectors/" + slug + ".camel.yaml");
    }

    /** Writes a connector's file as an editor does. */
    private static void connector(String slug, String more) throws IOException {
        Path written = Files.writeString(home.resolve(slug), SOURCE.connector(slug) + more);
        Files.move(written, file(slug), StandardCopyOption.REPLACE_EXISTING);
    }

    private static List<String> records(int count) {
        return IntStream.range(0, count).mapToObj(i -> "{\"id\": \"r" + i + "\", \"updated_at\": \"2025-01-01T00:00:00Z\"}").toList();
    }

    private static long asked(String table, int page) {
        return SOURCE.requests().stream().filter(r -> r.startsWith("/" + table + "?page=" + page + "&")).count();
    }

    private static String begin(String table, String type) {
        String request = "{\"entity_name\": \"" + table + "\", \"connector_api_slug\": \"" + table + "\", \"page_size\": 10, \"sync_type\": \""
                + type + "\"}";
        Api.Answer answer = await("the file of " + table).atMost(Duration.ofSeconds(30))
                .until(() -> api.post("/api/v1/sync/start", request), given -> given.status() != 404);
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(202);
        return answer.body().path("batch_uid").asText();
    }

    private static JsonNode finish(String run) {
        await().atMost(Duration.ofSeconds(60)).until(() -> !List.of("pending", "running").contains(status(run).path("status").asText()));
        return status(run);
    }

    private static JsonNode status(String run) {
        return api.get("/api/v1/sync/status/" + run).body();
    }
}
