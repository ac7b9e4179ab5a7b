package dev.serai.database;

import dev.serai.settings.StartupProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * How PostgreSQL's programs are run, which refuse to work for root. Root takes their privileges away by an empty user
 * namespace (the files stay root's), or, where namespaces are blocked, by another user who then owns the files.
 */
final class Unprivileged {

    private static final int NOBODY = 65534;
    private static final List<String> IN_USER_NAMESPACE = List.of("unshare", "-U");

    private final List<String> prefix;
    private final int owner;

    private Unprivileged(List<String> prefix, int owner) {
        this.prefix = prefix;
        this.owner = owner;
    }

    /** The way that works on this machine for a server whose files are in the given, existing directory. */
    static Unprivileged in(Path directory) throws IOException {
        if (userId() != 0) {
            return new Unprivileged(List.of(), userId());
        }
        int owner = ownerOf(directory);
        return candidates(owner).filter(candidate -> works(candidate.prefix)).findFirst().orElseThrow(() -> new StartupProblem(
                "PostgreSQL does not run as root, and neither 'unshare -U' nor 'setpriv' works here to run it with less.",
                "Start Serai as another user, or set SERAI_DB_URL to a PostgreSQL server."));
    }

    /** Where the directory has another owner already, such as a mounted volume's, the server runs as that one. */
    private static Stream<Unprivileged> candidates(int owner) {
        Unprivileged inNamespace = new Unprivileged(IN_USER_NAMESPACE, 0);
        return owner == 0 ? Stream.of(inNamespace, as(NOBODY)) : Stream.of(as(owner), inNamespace);
    }

    private static Unprivileged as(int user) {
        return new Unprivileged(List.of("setpriv", "--reuid=" + user, "--regid=" + user, "--clear-groups"), user);
    }

    List<String> command(List<String> command) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(command);
        return all;
    }

    /** Gives everything below the path to the user that PostgreSQL will run as, where it is another's. */
    void own(Path path) throws IOException {
        if (userId() != 0 || !Files.exists(path) || ownerOf(path) == owner) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.toList()) {
                Files.setAttribute(file, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    private static int ownerOf(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid");
    }

    private static int userId() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) ? ownerOf(self) : ownerOf(Path.of(System.getProperty("user.home")));
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
