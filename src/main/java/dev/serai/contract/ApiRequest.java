package dev.serai.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.Principal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;

/**
 * One request that has passed its contract. A face's bean has one method per operation, and each takes just this.
 *
 * @param operationId the contract's operation, which is also the method's name
 * @param method      the HTTP method
 * @param path        the path as it was sent, still percent-encoded
 * @param origin      scheme, host and port that the caller used: {@code https://hub.example}
 * @param parameters  path and query parameters by name, decoded, typed ({@code String, Long, Double, Boolean, LocalDate, Instant}), defaults
 *                    filled in; one that was not sent and has no default is not in the map
 * @param body        the parsed body, or null where the operation takes none
 * @param bytes       the body as it came, where the contract says {@code x-serai-raw-body}: then it is not parsed, since a signature over
 *                    the bytes has to be good first; null elsewhere. Not to be changed
 * @param headers     the header parameters that the contract declares, by their declared name
 * @param address     from which the caller comes
 * @param principal   who calls, or null where the operation is open
 */
public record ApiRequest(
        String operationId,
        String method,
        String path,
        String origin,
        Map<String, Object> parameters,
        JsonNode body,
        byte[] bytes,
        Map<String, String> headers,
        String address,
        Principal principal) {

    /** A request from within the hub, for whoever calls an operation without HTTP: its values are as the contract would have read them. */
    public static ApiRequest within(String operationId, Map<String, Object> parameters, JsonNode body, Principal principal) {
        return new ApiRequest(operationId, "POST", "", "", parameters, body, null, Map.of(), null, principal);
    }

    /** A text parameter, or null where it was not sent. */
    public String text(String name) {
        Object value = parameters.get(name);
        return value == null ? null : value.toString();
    }

    /** An integer parameter that is required or has a default; its bounds are the contract's. */
    public int number(String name) {
        return Math.toIntExact((Long) present(name));
    }

    /** An integer parameter that may be missing. */
    public Optional<Long> optionalNumber(String name) {
        return Optional.ofNullable((Long) parameters.get(name));
    }

    /** A boolean parameter; false where it was not sent. */
    public boolean flag(String name) {
        return Boolean.TRUE.equals(parameters.get(name));
    }

    /** A {@code date-time} parameter, or null where it was not sent; a time without a zone is UTC. */
    public Instant instant(String name) {
        return (Instant) parameters.get(name);
    }

    /** A {@code date} parameter, or null where it was not sent. */
    public LocalDate date(String name) {
        return (LocalDate) parameters.get(name);
    }

    /** A declared header, or null where it was not sent. */
    public String header(String name) {
        return headers.get(name);
    }

    private Object present(String name) {
        Object value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("The contract of " + operationId + " neither requires " + name + " nor gives it a default");
        }
        return value;
    }
}
