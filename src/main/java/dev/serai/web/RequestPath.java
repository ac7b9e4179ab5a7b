package dev.serai.web;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.http.server.PathContainer;

/** The path of a request, parsed exactly as the dispatcher parses it, so that no encoding of a path is two paths. */
public final class RequestPath {

    private RequestPath() {}

    public static PathContainer of(HttpServletRequest request) {
        return PathContainer.parsePath(request.getRequestURI().substring(request.getContextPath().length()));
    }

    /** The same with its segments decoded, for prefix comparisons and for people. */
    public static String decoded(PathContainer path) {
        StringBuilder decoded = new StringBuilder(path.value().length());
        for (PathContainer.Element element : path.elements()) {
            decoded.append(element instanceof PathContainer.PathSegment segment ? segment.valueToMatch() : element.value());
        }
        return decoded.toString();
    }
}
