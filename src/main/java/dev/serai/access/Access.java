package dev.serai.access;

import dev.serai.web.ApiException;
import dev.serai.web.RequestCaller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.stereotype.Component;

/**
 * The check that a caller sees only its own. Faces ask it about every id that is in a query or a body; ids in a path are
 * checked by their {@link PathRule}. Where a path is open and nobody said who they are, everything is visible.
 */
@Component("access")
public class Access {

    /** Who is calling on this thread, Camel's HTTP threads included; empty where the path is open and the caller unknown. */
    public Optional<Caller> caller() {
        Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
        return authentication != null && authentication.getPrincipal() instanceof Caller caller ? Optional.of(caller) : Optional.empty();
    }

    /** The same where a thread has no caller, but the request is at hand. */
    public Optional<Caller> caller(HttpServletRequest request) {
        return Optional.ofNullable((Caller) RequestCaller.get(request));
    }

    /** @throws ApiException 404 where this store is not the caller's: a caller is not told which stores there are */
    public void requireStore(String storeId) {
        require("store", storeId, Scope::storeId);
    }

    /** @throws ApiException 404 where this terminal is not the caller's */
    public void requireTerminal(String terminalId) {
        require("terminal", terminalId, Scope::terminalId);
    }

    /** @throws ApiException 404 where this device is not the caller's */
    public void requireDevice(String deviceId) {
        require("device", deviceId, Scope::deviceId);
    }

    /** @throws ApiException 404 where the caller is confined to something: for what belongs to no single store */
    public void requireAll() {
        if (!scope().isAll()) {
            throw ApiException.notFound("There is nothing at this path that these credentials can see.");
        }
    }

    /** What lists are narrowed to; {@link Scope#ALL} where they are not. */
    public Scope scope() {
        return caller().map(Caller::scope).orElse(Scope.ALL);
    }

    private void require(String kind, String id, Function<Scope, String> own) {
        Scope scope = scope();
        if (!scope.isAll() && !id.equals(own.apply(scope))) {
            throw ApiException.notFound("There is no " + kind + " '" + id + "' that these credentials can see.");
        }
    }
}
