package dev.serai.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.serai.access.Caller;
import dev.serai.web.RequestCaller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a client said when it connected. Outlives its HTTP request. */
public final class Handshake {

    private final Map<String, String> variables;
    private final Map<String, String> query;
    private final Map<String, String> headers;
    private final String address;
    private final Caller caller;
    private final JsonNode auth;

    private Handshake(Map<String, String> variables, Map<String, String> query, Map<String, String> headers, String address, Caller caller,
            JsonNode auth) {
        this.variables = variables;
        this.query = query;
        this.headers = headers;
        this.address = address;
        this.caller = caller;
        this.auth = auth;
    }

    static Handshake of(HttpServletRequest request, Map<String, String> variables) {
        Map<String, String> query = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> query.put(name, values[0]));
        Map<String, String> headers = new HashMap<>();
        Collections.list(request.getHeaderNames()).forEach(name -> headers.put(name.toLowerCase(Locale.ROOT), request.getHeader(name)));
        return new Handshake(Map.copyOf(variables), Map.copyOf(query), Map.copyOf(headers), request.getRemoteAddr(),
                (Caller) RequestCaller.get(request), MissingNode.getInstance());
    }

    Handshake with(JsonNode auth) {
        return new Handshake(variables, query, headers, address, caller, auth);
    }

    /** A variable of the endpoint's path. */
    public String variable(String name) {
        return variables.get(name);
    }

    /** The first value of a query parameter, or null. */
    public String query(String name) {
        return query.get(name);
    }

    /** A header, or null. */
    public String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    public String address() {
        return address;
    }

    /** Whom the path's rule recognised; empty on paths that are open, whose endpoint looks at credentials itself. */
    public Optional<Caller> caller() {
        return Optional.ofNullable(caller);
    }

    /** What a socket.io client gave as {@code auth}; missing otherwise. */
    public JsonNode auth() {
        return auth;
    }
}
