package dev.serai.live;

/** What Engine.IO answers with 400, by its codes. */
final class EngineProblem extends Exception {

    static final EngineProblem UNKNOWN_TRANSPORT = new EngineProblem(0, "Transport unknown");
    static final EngineProblem UNKNOWN_SESSION = new EngineProblem(1, "Session ID unknown");
    static final EngineProblem BAD_METHOD = new EngineProblem(2, "Bad handshake method");
    static final EngineProblem BAD_REQUEST = new EngineProblem(3, "Bad request");
    static final EngineProblem UNSUPPORTED_VERSION = new EngineProblem(5, "Unsupported protocol version");

    private final int code;

    private EngineProblem(int code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    String json() {
        return "{\"code\":" + code + ",\"message\":\"" + getMessage() + "\"}";
    }
}
