package dev.serai.live;

/** The WebSocket close codes that the hub uses. */
public final class CloseCode {

    /** All is well. */
    public static final int NORMAL = 1000;
    /** The hub stops; connect again, perhaps to another one. */
    public static final int GOING_AWAY = 1001;
    /** Binary frames are not taken. */
    public static final int UNSUPPORTED = 1003;
    /** A text that is no UTF-8. */
    public static final int BAD_TEXT = 1007;
    /** More messages than the limit, or a protocol that was broken. */
    public static final int POLICY = 1008;
    /** A frame over the bound. */
    public static final int TOO_BIG = 1009;
    /** Something failed in the hub. */
    public static final int FAILED = 1011;
    /** The client did not read what it was sent; connect again to get what was missed. */
    public static final int TOO_SLOW = 1013;

    private CloseCode() {}
}
