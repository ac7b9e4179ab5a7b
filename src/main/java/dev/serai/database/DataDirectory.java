package dev.serai.database;

import dev.serai.settings.StartupProblem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The hub's data directory, held by this process alone. The hold is a file lock of the operating system, so that it ends with
 * the process however that ends; the file itself stays and means nothing.
 */
final class DataDirectory implements AutoCloseable {

    private final Path path;
    private final FileChannel lock;

    private DataDirectory(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    static DataDirectory hold(Path directory) {
        Path path = directory.toAbsolutePath().normalize();
        try {
            Files.createDirectories(path);
            return new DataDirectory(path, lockIn(path));
        } catch (IOException e) {
            throw new StartupProblem(
                    "The data directory " + path + " cannot be written (" + reason(e) + ").",
                    "Give the user that runs Serai the right to write there and room on the disk, or set SERAI_DATA_DIR to another"
                            + " directory.", e);
        }
    }

    private static FileChannel lockIn(Path path) throws IOException {
        Path file = path.resolve("serai.lock");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!isLocked(channel)) {
            String holder = Files.readString(file).strip();
            channel.close();
            throw new StartupProblem(
                    "Another Serai (pid " + (holder.isEmpty() ? "unknown" : holder) + ") uses the data directory " + path + ".",
                    "Stop it, or set SERAI_DATA_DIR to another directory.");
        }
        channel.truncate(0);
        channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)));
        return channel;
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    Path path() {
        return path;
    }

    Path cluster() {
        return path.resolve("postgres");
    }

    Path log() {
        return path.resolve("postgres.log");
    }

    Path passwordFile() {
        return path.resolve("postgres.password");
    }

    /** The embedded server's password, made at random when the data directory is new, readable by its owner only. */
    String password() throws IOException {
        if (!Files.exists(passwordFile())) {
            byte[] random = new byte[24];
            new SecureRandom().nextBytes(random);
            Files.createFile(passwordFile(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(passwordFile(), HexFormat.of().formatHex(random) + "\n");
        }
        return Files.readString(passwordFile()).strip();
    }

    /** Many of Java's file exceptions carry a bare path as their message, which says nothing of what happened to it. */
    static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e.getClass().getSimpleName()) {
            case "AccessDeniedException" -> "no permission: " + message;
            case "NoSuchFileException" -> "nothing can be made there: " + message;
            case "FileAlreadyExistsException" -> "a file is in its place: " + message;
            default -> message;
        };
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
