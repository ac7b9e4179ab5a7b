package dev.serai.access;

import dev.serai.web.ApiException;
import dev.serai.web.FaceErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.firewall.RequestRejectedException;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.stereotype.Component;

/** Tells a refused caller why, in its face's error shape. */
@Component
class AccessRefuser implements AuthenticationEntryPoint, AccessDeniedHandler, RequestRejectedHandler {

    private static final String REFUSAL = AccessRefuser.class.getName();
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final FaceErrors errors;

    AccessRefuser(FaceErrors errors) {
        this.errors = errors;
    }

    /** Spring Security hands on an exception without our words; they wait here. */
    ApiException remember(HttpServletRequest request, ApiException refusal) {
        request.setAttribute(REFUSAL, refusal);
        return refusal;
    }

    void refuse(HttpServletRequest request, HttpServletResponse response, ApiException refusal) throws IOException {
        errors.write(request, response, refusal);
    }

    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException ignored) throws IOException {
        refuse(request, response, remembered(request, 401));
    }

    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException ignored) throws IOException {
        refuse(request, response, remembered(request, 403));
    }

    /** The firewall found a path or a method that has no business here. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, RequestRejectedException ignored) throws IOException {
        if (METHODS.contains(request.getMethod())) {
            refuse(request, response, ApiException.badRequest("This path or one of these headers has characters that are not accepted."));
        } else {
            ApiException plain = ApiException.of(405, "No path takes this method.");
            refuse(request, response, new ApiException(405, plain.code(), plain.getMessage(), null,
                    Map.of("Allow", String.join(", ", METHODS.stream().sorted().toList()))));
        }
    }

    private static ApiException remembered(HttpServletRequest request, int otherwise) {
        ApiException refusal = (ApiException) request.getAttribute(REFUSAL);
        return refusal == null ? ApiException.of(otherwise, "These credentials do not allow this.") : refusal;
    }
}
