package dev.serai.web;

import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;

/** Carries who called from the security filters to what wraps them and to other threads: a thread-local reaches neither. */
public final class RequestCaller {

    public static final String ANONYMOUS = "anonymous";

    private static final String ATTRIBUTE = RequestCaller.class.getName();

    private RequestCaller() {}

    public static void set(HttpServletRequest request, Principal caller) {
        request.setAttribute(ATTRIBUTE, caller);
    }

    /** Null where nobody was recognised. */
    public static Principal get(HttpServletRequest request) {
        return (Principal) request.getAttribute(ATTRIBUTE);
    }

    public static String nameOf(HttpServletRequest request) {
        Principal caller = get(request);
        return caller == null ? ANONYMOUS : caller.getName();
    }
}
