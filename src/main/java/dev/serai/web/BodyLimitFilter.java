package dev.serai.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.util.unit.DataSize;

/**
 * Refuses a body that is larger than the bound.
 * A declared length is compared, and the container holds the sender to it. A body without one (chunked) is read up to the
 * bound before anything else sees it, so that no reader further in has to know what to do when it turns out too large.
 */
final class BodyLimitFilter extends RequestFilter {

    private final FaceErrors errors;
    private final DataSize bound;

    BodyLimitFilter(FaceErrors errors, DataSize bound) {
        this.errors = errors;
        this.bound = bound;
    }

    @Override
    protected void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getContentLengthLong() > bound.toBytes()) {
            refuse(request, response);
        } else if (request.getContentLengthLong() < 0 && mayHaveBody(request)) {
            byte[] body = request.getInputStream().readNBytes((int) bound.toBytes() + 1);
            if (body.length > bound.toBytes()) {
                refuse(request, response);
            } else {
                chain.doFilter(new BufferedBodyRequest(request, body), response);
            }
        } else {
            chain.doFilter(request, response);
        }
    }

    private static boolean mayHaveBody(HttpServletRequest request) {
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || Mutations.isMutation(request);
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        drain(request.getInputStream());
        String message = "The body is larger than the " + bound.toBytes() + " bytes that this hub accepts.";
        errors.write(request, response, new ApiException(413, ErrorCodes.of(413), message, null, Map.of("Connection", "close")));
    }

    /** Many clients read no answer before they have sent everything; those that are not far over the bound get to see it. */
    private void drain(InputStream rest) throws IOException {
        byte[] sink = new byte[8192];
        long left = bound.toBytes();
        int read = rest.read(sink);
        while (read >= 0 && left > 0) {
            left -= read;
            read = rest.read(sink);
        }
    }
}
