package dev.serai.web;

import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Reads the rest of a refused request. Jetty closes a connection on which a body was left unread, without saying so, and a client
 * that has sent its next request by then sees that one fail.
 */
final class UnreadBody {

    private static final int WORTH_READING = 65536;

    private UnreadBody() {}

    /** Reads what is left if it is little; otherwise says that the connection ends here. */
    static void finish(HttpServletRequest request, HttpServletResponse response) {
        if (response.isCommitted() || !Mutations.isMutation(request)) {
            return;
        }
        try {
            ServletInputStream rest = request.getInputStream();
            rest.readNBytes(WORTH_READING);
            if (!rest.isFinished()) {
                response.setHeader("Connection", "close");
            }
        } catch (IOException | IllegalStateException e) {
            // The client is gone, or the body was read as text: either way there is nothing left to read.
        }
    }
}
