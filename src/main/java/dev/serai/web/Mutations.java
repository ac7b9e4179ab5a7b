package dev.serai.web;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;

/** Which requests change something. */
public final class Mutations {

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private Mutations() {}

    public static boolean isMutation(HttpServletRequest request) {
        return !SAFE.contains(request.getMethod());
    }
}
