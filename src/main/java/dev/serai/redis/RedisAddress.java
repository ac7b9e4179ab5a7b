package dev.serai.redis;

import dev.serai.settings.StartupProblem;
import java.net.URI;

/** Where the shared Redis is, read from {@code REDIS_URL}. */
record RedisAddress(String host, int port, boolean encrypted, String user, String password, int database) {

    private static final int DEFAULT_PORT = 6379;

    /** @param token the password, where the URL has none */
    static RedisAddress parse(String url, String token) {
        URI uri = uri(url);
        boolean encrypted = "rediss".equals(uri.getScheme());
        if (!encrypted && !"redis".equals(uri.getScheme()) || uri.getHost() == null) {
            throw invalid();
        }
        String userInfo = uri.getUserInfo() == null ? "" : uri.getUserInfo();
        int colon = userInfo.indexOf(':');
        String user = colon > 0 ? userInfo.substring(0, colon) : null;
        String password = colon < 0 ? userInfo : userInfo.substring(colon + 1);
        return new RedisAddress(
                uri.getHost(),
                uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort(),
                encrypted,
                user,
                password.isEmpty() ? token : password,
                database(uri.getPath()));
    }

    private static URI uri(String url) {
        try {
            return URI.create(url);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static int database(String path) {
        try {
            return path == null || path.length() < 2 ? 0 : Integer.parseInt(path.substring(1));
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    private static StartupProblem invalid() {
        return new StartupProblem(
                "REDIS_URL is not the address of a Redis server.",
                "Write redis://host:6379, or rediss://host:6379 for an encrypted connection, and the password as REDIS_TOKEN;"
                        + " or leave both out, and each hub keeps its own caches and rate limits.");
    }

    @Override
    public String toString() {
        return (encrypted ? "rediss://" : "redis://") + host + ":" + port;
    }
}
