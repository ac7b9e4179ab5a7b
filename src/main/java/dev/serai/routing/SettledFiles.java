package dev.serai.routing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Reads files only when nobody is writing them: size and time are the same in two looks, and a file is gone only when gone in three. A file
 * that was emptied has a few looks more, for its text may follow. For the text of a file that cannot be read stands why.
 */
final class SettledFiles {

    private static final int LOOKS_UNTIL_GONE = 3;
    private static final int LOOKS_UNTIL_EMPTY = 4;
    /** Begins what stands for the text of a file that cannot be read; no text of a route begins so. */
    private static final String UNREADABLE = "\0";
    private static final Look BROKEN_LINK = new Look(-1, 0);

    private final List<String> patterns;
    private final Map<Path, Seen> seen = new TreeMap<>();

    /**
     * {@code text} is the last settled text; {@code pending} the look that has to be confirmed; {@code without} the looks in a row in which
     * the file was missing or empty.
     */
    private record Seen(Look settled, String text, Look pending, int without) {

        Seen pending(Look now) {
            return new Seen(settled, text, now, 0);
        }
    }

    private record Look(long size, long modified) {
    }

    /** @param patterns directory, slash, and a glob for the file's name: {@code routes/api/*.camel.yaml} */
    SettledFiles(List<String> patterns) {
        this.patterns = patterns;
    }

    /** Directories of patterns that are not there. */
    static List<Path> missing(List<String> patterns) {
        return patterns.stream().map(SettledFiles::directoryOf).distinct().filter(directory -> !Files.isDirectory(directory)).toList();
    }

    private static Path directoryOf(String pattern) {
        return Path.of(pattern.substring(0, pattern.lastIndexOf('/'))).normalize();
    }

    /** Why a file cannot be read, where its text says so; else null. */
    static String whyUnreadable(String text) {
        return text.startsWith(UNREADABLE) ? text.substring(UNREADABLE.length()) : null;
    }

    /** At start there is nobody to wait for: every file is taken as it is. */
    Map<Path, String> first() {
        look();
        return look();
    }

    /** The settled text of every file; a file that is being written or replaced keeps the text that it had. */
    Map<Path, String> look() {
        Map<Path, Look> now = list();
        seen.replaceAll((path, was) -> now.containsKey(path) ? was : new Seen(was.settled, was.text, null, was.without + 1));
        seen.entrySet().removeIf(entry -> !now.containsKey(entry.getKey()) && entry.getValue().without >= LOOKS_UNTIL_GONE);
        // A file that is renamed is a new one and a missing one: both are told at once.
        boolean leaving = !now.keySet().containsAll(seen.keySet());
        now.forEach((path, look) -> seen.put(path, next(path, seen.get(path), look, leaving)));
        Map<Path, String> texts = new TreeMap<>();
        seen.forEach((path, state) -> {
            if (state.text != null) {
                texts.put(path, state.text);
            }
        });
        return texts;
    }

    private static Seen next(Path path, Seen was, Look now, boolean leaving) {
        if (was == null) {
            return new Seen(null, null, now, 0);
        }
        if (now.equals(was.settled) || !now.equals(was.pending) || leaving && was.text == null) {
            return was.pending(now);
        }
        try {
            // What is no UTF-8 becomes U+FFFD, for which the file is refused.
            String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
            // An editor that is writing truncates first; a blank file is told apart from a deletion by waiting for its text.
            boolean waiting = text.isBlank() && was.text != null && was.without < LOOKS_UNTIL_EMPTY;
            return waiting ? new Seen(was.settled, was.text, now, was.without + 1) : new Seen(now, text, now, 0);
        } catch (IOException e) {
            // Where it is there after all it is read again at each second look: a right that is given changes neither size nor time.
            return Files.exists(path, LinkOption.NOFOLLOW_LINKS) ? new Seen(null, UNREADABLE + reason(e), null, 0) : was.pending(null);
        }
    }

    private static String reason(IOException failure) {
        if (failure instanceof AccessDeniedException) {
            return "The user that runs the hub may not read it";
        }
        return failure instanceof NoSuchFileException ? "It is a link to a file that is not there" : "It cannot be read: " + failure.getMessage();
    }

    private Map<Path, Look> list() {
        Map<Path, Look> found = new HashMap<>();
        for (String pattern : patterns) {
            for (Path path : files(directoryOf(pattern), pattern.substring(pattern.lastIndexOf('/') + 1))) {
                try {
                    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                    found.put(path, new Look(attributes.size(), attributes.lastModifiedTime().toMillis()));
                } catch (IOException e) {
                    // Else it went between the listing and the look: the next look knows.
                    if (Files.isSymbolicLink(path)) {
                        found.put(path, BROKEN_LINK);
                    }
                }
            }
        }
        return found;
    }

    private static List<Path> files(Path directory, String glob) {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory, glob)) {
            stream.forEach(paths::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException("The directory " + directory + " cannot be read", e);
        }
        return paths;
    }
}
