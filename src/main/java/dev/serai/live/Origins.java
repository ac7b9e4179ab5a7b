package dev.serai.live;

import dev.serai.web.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Which web sites' pages may connect: a browser connects anywhere, with its user's network and no question asked. */
final class Origins {

    private final List<String> allowed;

    /** @param publicUrl the hub's own address, which a proxy may hide; may be empty */
    Origins(List<String> allowed, String publicUrl) {
        this.allowed = Stream.concat(allowed.stream(), Stream.of(publicUrl))
                .filter(origin -> !origin.isBlank())
                .map(Origins::normalized)
                .toList();
    }

    /** @throws ApiException 403 for a page of a site that is neither the hub's own nor configured */
    void require(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin != null && !isOwn(origin, request.getHeader("Host")) && !isAllowed(origin)) {
            throw ApiException.of(403, "Pages of this origin may not connect. An operator can allow it in serai.live.origins.");
        }
    }

    /** The origin, where it is another site's that may read answers. */
    String foreign(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        return origin != null && !isOwn(origin, request.getHeader("Host")) && isAllowed(origin) ? origin : null;
    }

    private boolean isAllowed(String origin) {
        return allowed.contains("*") || allowed.contains(normalized(origin));
    }

    /** Host and port only: what comes through a proxy as http may be https outside. */
    private static boolean isOwn(String origin, String host) {
        return host != null && authority(origin).equals(withoutUsualPort(host.toLowerCase(Locale.ROOT)));
    }

    private static String normalized(String origin) {
        String plain = origin.strip().toLowerCase(Locale.ROOT);
        return plain.endsWith("/") ? plain.substring(0, plain.length() - 1) : plain;
    }

    private static String authority(String origin) {
        try {
            String authority = URI.create(normalized(origin)).getRawAuthority();
            return authority == null ? "" : withoutUsualPort(authority);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private static String withoutUsualPort(String authority) {
        return authority.replaceFirst(":(80|443)$", "");
    }
}
