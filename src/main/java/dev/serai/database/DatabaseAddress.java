package dev.serai.database;

import dev.serai.settings.StartupProblem;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Where an external database is and who asks.
 *
 * @param url as JDBC wants it, without credentials
 */
record DatabaseAddress(String url, String user, String password) {

    private static final String JDBC = "jdbc:";

    /**
     * Reads {@code jdbc:postgresql://…} and the {@code postgresql://user:password@host:port/database} that most platforms hand out.
     *
     * @param user beats the one in the URL; empty: the URL's
     * @param password likewise
     */
    static DatabaseAddress parse(String text, String user, String password) {
        String plain = text.strip().startsWith(JDBC) ? text.strip().substring(JDBC.length()) : text.strip();
        URI uri = uriOf(plain);
        boolean known = "postgresql".equals(uri.getScheme()) || "postgres".equals(uri.getScheme());
        if (!known || uri.getRawAuthority() == null || uri.getPath().length() < 2) {
            throw unreadable(null);
        }
        String[] inUrl = credentials(uri.getRawAuthority());
        String hosts = uri.getRawAuthority().substring(uri.getRawAuthority().lastIndexOf('@') + 1);
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        return new DatabaseAddress(
                JDBC + "postgresql://" + hosts + uri.getRawPath() + query,
                user.isBlank() ? inUrl[0] : user,
                password.isEmpty() ? inUrl[1] : password);
    }

    /** Host and port for messages; a query may carry a password. */
    String withoutQuery() {
        return url.replaceFirst("\\?.*$", "");
    }

    private static String[] credentials(String authority) {
        int at = authority.lastIndexOf('@');
        if (at < 0) {
            return new String[] {"", ""};
        }
        String[] parts = authority.substring(0, at).split(":", 2);
        return new String[] {decode(parts[0]), parts.length > 1 ? decode(parts[1]) : ""};
    }

    private static String decode(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static URI uriOf(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw unreadable(e);
        }
    }

    /** The text itself is not shown, since it may hold a password. */
    private static StartupProblem unreadable(URISyntaxException cause) {
        return new StartupProblem(
                "SERAI_DB_URL is not an address of a PostgreSQL database.",
                "Write it as postgresql://host:5432/database or jdbc:postgresql://host:5432/database, with user and password in"
                        + " SERAI_DB_USER and SERAI_DB_PASSWORD; without SERAI_DB_URL the hub brings its own database.",
                cause);
    }

    @Override
    public String toString() {
        return "DatabaseAddress[" + withoutQuery() + "]";
    }
}
