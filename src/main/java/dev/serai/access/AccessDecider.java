package dev.serai.access;

import dev.serai.web.ApiException;
import dev.serai.web.Mutations;
import dev.serai.web.RequestCaller;
import dev.serai.web.RequestPath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import org.springframework.web.util.pattern.PathPattern;

/** Decides whether a request may go on, by the rule of its path and who calls. */
@Component
class AccessDecider {

    private final PathRules rules;
    private final AccessMode mode;

    AccessDecider(PathRules rules, AccessMode mode) {
        this.rules = rules;
        this.mode = mode;
    }

    /** Empty where the request may go on; else what the caller is told. */
    Optional<ApiException> refusal(HttpServletRequest request) {
        PathRule rule = rules.of(request).orElse(null);
        if (rule == null) {
            return refused(404, "There is nothing at this path.");
        }
        if (rule.isOpen()) {
            return Optional.empty();
        }
        Caller caller = (Caller) RequestCaller.get(request);
        if (caller == null) {
            boolean open = rule.isOpenOnTrial() && mode.open() && !CredentialsFilter.wereRefused(request);
            return open ? Optional.empty() : unknownCaller(request, rule);
        }
        if (!rule.allows(caller.role(), Mutations.isMutation(request))) {
            return refused(403, "The role " + caller.role().key() + " may not do this.");
        }
        return isOwn(request, rule, caller.scope()) ? Optional.empty() : refused(404, "There is nothing at this path that these credentials can see.");
    }

    private static Optional<ApiException> refused(int status, String message) {
        return Optional.of(ApiException.of(status, message));
    }

    /** Says which credentials are wanted, in the header that HTTP has for it and in words. */
    private static Optional<ApiException> unknownCaller(HttpServletRequest request, PathRule rule) {
        boolean refused = CredentialsFilter.wereRefused(request);
        if (rule.credentials() == PathRule.Credentials.API_KEY) {
            return unauthorized("ApiKey realm=\"serai\"", refused ? "This API key is unknown or revoked." : "Send an API key in the header X-API-Key.");
        }
        String bearer = "Bearer realm=\"serai\"" + (refused ? ", error=\"invalid_token\"" : "");
        String challenge = rule.asksBrowser() ? "Basic realm=\"serai\", charset=\"UTF-8\", " + bearer : bearer;
        return unauthorized(challenge, refused
                ? "These credentials are unknown, expired or revoked."
                : "Send a token in the header Authorization: Bearer <token>.");
    }

    private static Optional<ApiException> unauthorized(String challenge, String message) {
        ApiException plain = ApiException.of(401, message);
        return Optional.of(new ApiException(401, plain.code(), message, null, Map.of("WWW-Authenticate", challenge)));
    }

    private static boolean isOwn(HttpServletRequest request, PathRule rule, Scope scope) {
        if (scope.isAll()) {
            return true;
        }
        PathPattern.PathMatchInfo match = rule.pattern().matchAndExtract(RequestPath.of(request));
        Map<String, String> ids = match == null ? Map.of() : match.getUriVariables();
        return isOwn(ids.get("store_id"), scope.storeId())
                && isOwn(ids.get("terminal_id"), scope.terminalId())
                && isOwn(ids.get("device_id"), scope.deviceId());
    }

    private static boolean isOwn(String asked, String own) {
        return asked == null || asked.equals(own);
    }
}
