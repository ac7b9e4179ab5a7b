package dev.serai.database;

import dev.serai.settings.StartupProblem;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.springframework.util.FileSystemUtils;
import org.tukaani.xz.XZInputStream;

/**
 * PostgreSQL's programs, unpacked once from the archive in the class path. The directory is named after the archive's
 * content, so that a new version never meets the files of an old one.
 */
final class PostgresBinaries {

    /** The major version of the archives that the pom brings; a data directory of another one cannot be opened by them. */
    static final String MAJOR_VERSION = "17";

    private final Path directory;

    private PostgresBinaries(Path directory) {
        this.directory = directory;
    }

    static PostgresBinaries unpackedIn(Path cache) throws IOException {
        String archive = archiveOfThisMachine();
        Path target = cache.resolve("postgres-" + MAJOR_VERSION + "-" + contentKey(archive));
        if (!Files.isDirectory(target)) {
            unpack(archive, cache, target);
        }
        return new PostgresBinaries(target);
    }

    String program(String name) {
        return directory.resolve("bin").resolve(name).toString();
    }

    private static String archiveOfThisMachine() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String family = system.contains("mac") ? "darwin" : system.contains("win") ? "windows" : "linux";
        boolean arm = System.getProperty("os.arch").matches("aarch64|arm64");
        String name = "/postgres-" + family + "-" + (arm ? "arm_64" : "x86_64") + ".txz";
        if (PostgresBinaries.class.getResource(name) == null) {
            throw new StartupProblem(
                    "This build of Serai brings no PostgreSQL for " + family + " on " + System.getProperty("os.arch") + ".",
                    "Set SERAI_DB_URL to a PostgreSQL server, or build on this machine: the pom has a profile for it.");
        }
        return name;
    }

    private static String contentKey(String archive) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(PostgresBinaries.class.getResourceAsStream(archive), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 6);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }

    /** Unpacks beside the target and renames, so that a start cut off on the way leaves no half of it under the real name. */
    private static void unpack(String archive, Path cache, Path target) throws IOException {
        Files.createDirectories(cache);
        Path partial = Files.createTempDirectory(cache, "unpacking-");
        try (InputStream in = PostgresBinaries.class.getResourceAsStream(archive);
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                write(entry, tar, partial);
            }
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            moveUnlessThere(partial, target);
        } finally {
            FileSystemUtils.deleteRecursively(partial);
        }
    }

    private static void write(TarArchiveEntry entry, TarArchiveInputStream tar, Path root) throws IOException {
        Path path = root.resolve(entry.getName()).normalize();
        if (!path.startsWith(root)) {
            throw new IOException("The archive of PostgreSQL's programs has an entry outside of it: " + entry.getName());
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Files.createDirectories(path.getParent());
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
        boolean executable = (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /** Another process may have been faster; its files are the same. */
    private static void moveUnlessThere(Path partial, Path target) throws IOException {
        try {
            Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            return;
        } catch (IOException e) {
            if (!Files.isDirectory(target)) {
                throw e;
            }
        }
    }
}
