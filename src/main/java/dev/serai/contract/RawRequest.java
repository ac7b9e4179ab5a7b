package dev.serai.contract;

import java.io.InputStream;
import java.security.Principal;
import java.util.function.UnaryOperator;

/**
 * A request as it came over the wire, before its contract has seen it.
 *
 * @param path   the percent-encoded path
 * @param query  the percent-encoded query, or null
 * @param origin scheme, host and port that the caller used: {@code https://hub.example}
 * @param address from which the caller comes
 * @param header a header's value by its name, or null
 */
public record RawRequest(
        String method,
        String path,
        String query,
        String origin,
        String contentType,
        InputStream body,
        UnaryOperator<String> header,
        String address,
        Principal principal) {
}
