package dev.serai.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Node programs of the benchmarks, beside the npm packages that the tests use too. */
final class BenchNode {

    private static final Path PACKAGES = Path.of("src", "test", "node");
    private static final Path PLACE = Path.of("target", "bench", "node").toAbsolutePath();

    private BenchNode() {}

    /** The script, where Node finds its packages. */
    static Path script(String name) {
        try {
            Files.createDirectories(PLACE);
            if (!Files.isDirectory(PLACE.resolve("node_modules"))) {
                install();
            }
            return Files.copy(Path.of("src", "bench", "node", name), PLACE.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void install() throws IOException, InterruptedException {
        for (String file : new String[] {"package.json", "package-lock.json"}) {
            Files.copy(PACKAGES.resolve(file), PLACE.resolve(file), StandardCopyOption.REPLACE_EXISTING);
        }
        int code = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund").directory(PLACE.toFile()).inheritIO().start().waitFor();
        if (code != 0) {
            throw new IllegalStateException("npm could not install the packages of " + PACKAGES);
        }
    }
}
