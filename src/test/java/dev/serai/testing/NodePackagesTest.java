package dev.serai.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class NodePackagesTest {

    @Test
    void aScriptFindsThePackagesOfTheLockFile() {
        NodePackages.Result result = NodePackages.run("packages.mjs", "ws", "socket.io-client", "standardwebhooks", "svix", "stripe",
                "@octokit/webhooks-methods");

        assertThat(result.stderr()).isEmpty();
        assertThat(result.stdout())
                .containsExactly("ws", "socket.io-client", "standardwebhooks", "svix", "stripe", "@octokit/webhooks-methods");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void aFailingScriptGivesItsExitCodeAndItsComplaint() {
        NodePackages.Result result = NodePackages.run("packages.mjs", "no-such-package");

        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.stderr()).contains("no-such-package");
    }

    @Test
    void aLongRunningScriptIsTalkedToLineByLine() {
        try (NodeProcess echo = NodePackages.start("packages.mjs")) {
            echo.send("ws");
            assertThat(echo.awaitLine(line -> line.contains("ws"))).isEqualTo("ws");
            echo.send("stripe");
            assertThat(echo.awaitLine(line -> line.contains("stripe"))).isEqualTo("stripe");
        }
    }

    @Test
    void theLockFileNamesNoRegistry() throws Exception {
        assertThat(Files.readString(Path.of("src", "test", "node", "package-lock.json"))).doesNotContain("http:").doesNotContain("https:");
    }
}
