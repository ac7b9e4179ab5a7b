package dev.serai.database;

/** Is told what hubs tell each other through the database: {@code SELECT pg_notify(channel, text)}, with the commit. */
public interface NoticeListener {

    /** A name in lower case. */
    String channel();

    void told(String text);

    /** From now on notices are heard, or are not. Either way, some may have been missed until now. */
    default void hearing(boolean now) {}
}
