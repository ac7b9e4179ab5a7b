package dev.serai.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.settings.StartupProblem;
import dev.serai.testing.TestDatabase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Who can get into a hub that was just started. */
@ExtendWith(OutputCaptureExtension.class)
class StartupTest {

    private static final String ROOT = "Basic cm9vdDpjb3JyZWN0IGhvcnNl";

    @Test
    void aHubThatOthersCanReachDoesNotStartWithoutASuperAdmin(CapturedOutput output) {
        try (TestDatabase database = TestDatabase.create()) {
            assertThatThrownBy(() -> TestHub.on(database, "--server.address=0.0.0.0")).hasRootCauseInstanceOf(StartupProblem.class);
            assertThat(output.getAll())
                    .contains("APPLICATION FAILED TO START", "SERAI_ADMIN_USER", "SERAI_ADMIN_PASSWORD")
                    .doesNotContain("\tat dev.serai");
        }
    }

    @Test
    void oneOfTheTwoVariablesIsNotEnough() {
        try (TestDatabase database = TestDatabase.create()) {
            assertThatThrownBy(() -> TestHub.on(database, "--serai.admin.user=root")).hasRootCauseInstanceOf(StartupProblem.class);
            assertThatThrownBy(() -> TestHub.on(database, "--serai.admin.user=root", "--serai.admin.password=" + "x".repeat(73)))
                    .hasRootCauseInstanceOf(StartupProblem.class);
        }
    }

    @Test
    void aTokenOfPrometheusThatCanBeGuessedIsRefused() {
        try (TestDatabase database = TestDatabase.create()) {
            assertThatThrownBy(() -> TestHub.on(database, "--serai.metrics.token=prometheus"))
                    .hasRootCauseInstanceOf(StartupProblem.class).rootCause().hasMessageContaining("SERAI_METRICS_TOKEN");
        }
    }

    @Test
    void theFirstSuperAdminIsMadeOnceAndSuffices() {
        TestDatabase database = TestDatabase.create();
        TestHub first = TestHub.on(database, "--server.address=0.0.0.0", "--serai.admin.user=root", "--serai.admin.password=correct horse");
        assertThat(first.get("/v1/access/tokens", "Authorization", ROOT).status()).isEqualTo(200);
        first.context.close();
        TestHub second = TestHub.on(database, "--server.address=0.0.0.0", "--serai.admin.user=root", "--serai.admin.password=another");
        assertThat(second.get("/v1/access/tokens", "Authorization", ROOT).status()).isEqualTo(200);
        second.context.close();
        try (TestHub third = TestHub.on(database, "--server.address=0.0.0.0")) {
            assertThat(third.get("/v1/access/tokens", "Authorization", ROOT).status()).isEqualTo(200);
            assertThat(third.sql().sql("SELECT password_hash FROM access_user").query(String.class).list())
                    .singleElement().asString().startsWith("{bcrypt}");
        }
    }

    @Test
    void demoCredentialsExistOnLoopbackOnly() {
        try (TestHub trial = TestHub.onTrial()) {
            assertDemo(trial, 200);
        }
        try (TestHub external = TestHub.onTrial("--serai.db.url=jdbc:postgresql://db/serai", "--serai.demo=true",
                "--server.address=127.0.0.1")) {
            assertDemo(external, 200);
        }
        try (TestHub external = TestHub.onTrial("--serai.db.url=jdbc:postgresql://db/serai", "--server.address=127.0.0.1")) {
            assertDemo(external, 401);
        }
        try (TestHub reachable = TestHub.inProduction("--serai.demo=true")) {
            assertDemo(reachable, 401);
        }
    }

    @Test
    void aDemoLoginLeavesNothingBehind() {
        try (TestHub trial = TestHub.onTrial()) {
            Issued login = trial.context.getBean(Credentials.class).login("demo", "demo", Duration.ofHours(1)).orElseThrow();
            assertThat(trial.get("/v1/access/tokens", "Authorization", "Bearer " + login.secret()).json().get("total").asInt()).isZero();
        }
    }

    @Test
    void aSwitchThatIsNoneStopsTheStart() {
        try (TestDatabase database = TestDatabase.create()) {
            assertThatThrownBy(() -> TestHub.on(database, "--serai.access.open=yes-please")).hasRootCauseInstanceOf(StartupProblem.class);
        }
    }

    private static void assertDemo(TestHub hub, int status) {
        assertThat(hub.get("/v1/access/tokens", "Authorization", TestHub.BEARER).status()).isEqualTo(status);
        assertThat(hub.get("/v1/access/tokens", "Authorization", "Basic ZGVtbzpkZW1v").status()).isEqualTo(status);
        assertThat(hub.get("/api/products", "X-API-Key", "demo-api-key").status()).isEqualTo(status);
    }
}
