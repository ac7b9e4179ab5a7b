package dev.serai.database;

/** Which database the hub works on. What is safe to leave open on one machine is not so on a server: others decide by this. */
public enum DatabaseMode {
    /** The hub's own PostgreSQL, in its data directory: a trial, or a single machine. */
    EMBEDDED,
    /** A PostgreSQL server named by SERAI_DB_URL, which other hubs may share. */
    EXTERNAL;

    /** @param url the value of {@code serai.db.url}; null and blank are the same */
    public static DatabaseMode of(String url) {
        return url == null || url.isBlank() ? EMBEDDED : EXTERNAL;
    }
}
