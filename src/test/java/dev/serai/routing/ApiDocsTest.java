package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation pages and all that they load come from the hub itself. */
class ApiDocsTest {

    private static final Pattern LOADED = Pattern.compile("(?:src|href)=\"([^\"]+)\"");

    @TempDir
    static Path home;
    private static FaceHub hub;

    @BeforeAll
    static void start() {
        hub = new FaceHub(home);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/docs", "/api/v1/redoc", "/api/v1/redoc?face=%22%3E%3Cscript%3E"})
    void aPageLoadsEverythingFromTheHub(String page) {
        String html = hub.get(page).body();

        assertThat(hub.get(page).statusCode()).isEqualTo(200);
        assertThat(html).doesNotContain("<script>").doesNotContain("http://").doesNotContain("https://");
        Matcher loaded = LOADED.matcher(html);
        int count = 0;
        while (loaded.find()) {
            assertThat(hub.get(loaded.group(1)).statusCode()).as(loaded.group(1)).isEqualTo(200);
            count++;
        }
        assertThat(count).isGreaterThan(2);
    }

    @Test
    void everyContractIsOfferedAndCanBeCalledOnAnyHost() {
        assertThat(hub.get("/api/v1/openapi").body()).isEqualTo("[{\"name\":\"syncflow\",\"url\":\"/api/v1/openapi/syncflow.json\"}]");
        assertThat(hub.get("/api/v1/openapi/syncflow.json").body()).contains("\"servers\":[{\"url\":\"/\"}]");
        assertThat(hub.get("/api/v1/openapi/nothing.json").statusCode()).isEqualTo(404);
    }
}
