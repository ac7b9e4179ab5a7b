package dev.serai.pos;

import static dev.serai.pos.PosCalls.PATIENCE;
import static dev.serai.pos.PosCalls.assertRefused;
import static dev.serai.pos.PosCalls.awaitCount;
import static dev.serai.pos.PosCalls.counts;
import static dev.serai.pos.PosCalls.get;
import static dev.serai.pos.PosCalls.onDatabase;
import static dev.serai.pos.PosCalls.push;
import static dev.serai.pos.PosCalls.sync;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.pos.PosCalls.Answer;
import dev.serai.testing.CloudReceiver;
import dev.serai.testing.HubProcess;
import dev.serai.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.FileSystemUtils;

/** Terminals with settings of their own, in the file in which an operator writes them. */
class TerminalSettingsIT {

    @Test
    void eachTerminalFollowsItsOwnSettingsAndWhatBreaksInsideIsToldInTheDocumentsShape(@TempDir Path home) throws Exception {
        FileSystemUtils.copyRecursively(Path.of("routes"), home.resolve("routes"));
        try (TestDatabase database = TestDatabase.create(); CloudReceiver cloud = new CloudReceiver();
                HubProcess hub = onDatabase(database, cloud).with("SERAI_HOME", home.toString()).with("SERAI_POS_SYNC_INTERVAL", "10")) {
            JdbcTemplate sql = new JdbcTemplate(database.dataSource());
            configure(home, "POS-002: {sync-interval: 1s}", "POS-003: {sync-interval: 3s}", "POS-004: {sync-enabled: false}");
            hub.start();
            eachByItsOwnInterval(hub, cloud, sql);

            configure(home, "POS-002: {sync-interval: 1s, sync-enabled: false}", "POS-003: {sync-interval: 5}");
            hub.restart();
            otherSettingsAreFollowedFromTheNextStartOn(hub, cloud, sql);

            brokenInside(hub, sql);
        }
    }

    private static void configure(Path home, String... terminals) throws IOException {
        Files.createDirectories(home.resolve("config"));
        Files.writeString(home.resolve("config/application.yml"),
                "serai:\n  pos:\n    terminals:\n" + Stream.of(terminals).map(line -> "      " + line + "\n").collect(Collectors.joining()));
    }

    private static void eachByItsOwnInterval(HubProcess hub, CloudReceiver cloud, JdbcTemplate sql) throws Exception {
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-004\"}"), 503, "{\"detail\":\"Sync scheduler is unavailable\"}");
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-004\", \"include_recent\": true}"), 503, "{\"detail\":\"Sync scheduler is unavailable\"}");
        for (String terminal : List.of("POS-001", "POS-002", "POS-003")) {
            assertThat(sync(hub, "{\"terminal_id\": \"" + terminal + "\"}").status()).isEqualTo(202);
        }
        assertThat(intervals(sql)).isEqualTo(Map.of("POS-001", 600_000L, "POS-002", 1_000L, "POS-003", 3_000L));
        assertThat(interval(hub, "POS-001")).isEqualTo("10");
        assertThat(interval(hub, "POS-002")).startsWith("0.0166");
        assertThat(interval(hub, "POS-003")).isEqualTo("0.05");
        assertSwitchedOff(hub, "POS-004");

        push(hub, "POS-001", 1, 1);
        push(hub, "POS-004", 4, 4);
        push(hub, "POS-002", 2, 2);
        push(hub, "POS-003", 3, 3);

        awaitCount(hub, "POS-002", "synced", 1);
        awaitCount(hub, "POS-003", "synced", 1);
        await().atMost(PATIENCE).until(() -> starts(sql, "POS-003") >= 3);
        assertThat(starts(sql, "POS-002")).isGreaterThan(starts(sql, "POS-003"));
        assertThat(starts(sql, "POS-001")).isZero();
        assertThat(counts(hub, "POS-001").path("pending").asInt()).isEqualTo(1);
        assertThat(counts(hub, "POS-004").path("pending").asInt()).isEqualTo(1);
        assertThat(cloud.requests()).extracting(request -> request.path("terminal_id").asText()).containsExactlyInAnyOrder("POS-002", "POS-003");
        assertThat(cloud.requests()).allMatch(request -> request.path("sync_batch_id").asText().startsWith("auto_"));
    }

    private static void otherSettingsAreFollowedFromTheNextStartOn(HubProcess hub, CloudReceiver cloud, JdbcTemplate sql) throws Exception {
        int seen = cloud.requests().size();
        assertSwitchedOff(hub, "POS-002");
        assertRefused(sync(hub, "{\"terminal_id\": \"POS-002\"}"), 503, "{\"detail\":\"Sync scheduler is unavailable\"}");
        push(hub, "POS-002", 22, 22);
        awaitCount(hub, "POS-002", "pending", 1);
        assertThat(sync(hub, "{\"terminal_id\": \"POS-004\"}").status()).isEqualTo(202);
        awaitCount(hub, "POS-004", "synced", 1);

        await().atMost(PATIENCE).until(() -> intervals(sql).equals(Map.of("POS-001", 600_000L, "POS-003", 300_000L, "POS-004", 600_000L)));
        assertThat(counts(hub, "POS-002").path("pending").asInt()).isEqualTo(1);
        assertThat(cloud.requests().subList(seen, cloud.requests().size()))
                .extracting(request -> request.path("terminal_id").asText()).containsExactly("POS-004");
    }

    private static void assertSwitchedOff(HubProcess hub, String terminal) throws Exception {
        JsonNode status = get(hub, "/api/pos/sync/status?terminal_id=" + terminal).body();
        assertThat(status.path("scheduler").toString()).isEqualTo("{\"running\":false,\"next_run\":null}");
        assertThat(status.path("configuration").path("sync_enabled").asBoolean(true)).isFalse();
    }

    private static String interval(HubProcess hub, String terminal) throws Exception {
        JsonNode configuration = get(hub, "/api/pos/sync/status?terminal_id=" + terminal).body().path("configuration");
        assertThat(configuration.path("sync_enabled").asBoolean()).isTrue();
        return configuration.path("sync_interval_minutes").toString();
    }

    /** How often each terminal's schedule starts, in milliseconds. */
    private static Map<String, Long> intervals(JdbcTemplate sql) {
        return sql.query("SELECT trigger_name, repeat_interval FROM qrtz_simple_triggers WHERE trigger_group = 'pos'",
                (rs, row) -> Map.entry(rs.getString(1), rs.getLong(2))).stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static int starts(JdbcTemplate sql, String terminal) {
        return sql.queryForObject("SELECT times_triggered FROM qrtz_simple_triggers WHERE trigger_group = 'pos' AND trigger_name = ?",
                Integer.class, terminal);
    }

    /** A table is gone: no fault of the caller's, and none that passes by itself. */
    private static void brokenInside(HubProcess hub, JdbcTemplate sql) throws Exception {
        sql.execute("ALTER TABLE pos_order RENAME TO pos_order_of_before");

        for (Answer failed : List.of(get(hub, "/api/pos/sync/status?terminal_id=POS-005"), sync(hub, "{\"terminal_id\": \"POS-005\"}"),
                sync(hub, "{\"terminal_id\": \"POS-006\", \"order_ids\": [1]}"), get(hub, "/api/pos/pos/sync/status?terminal_id=POS-005"))) {
            assertRefused(failed, 500, null);
            String detail = failed.body().path("detail").asText();
            assertThat(detail).matches("The hub failed to answer this request\\. Reference: [0-9a-f-]{36}");
            assertThat(hub.log()).as("an operator finds it by its reference").contains(detail.substring(detail.lastIndexOf(' ') + 1));
        }
    }
}
