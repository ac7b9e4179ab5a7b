package dev.serai.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What makes two requests the same.
 *
 * @param scope caller, method, path and key: the row
 * @param fingerprint query and body: has to be equal for the first answer to be given again
 */
record IdempotentRequest(byte[] scope, byte[] fingerprint, AnswerSeal seal) {

    static IdempotentRequest of(HttpServletRequest request, String key, byte[] body) {
        AnswerSeal seal = new AnswerSeal(credentialsOf(request), key);
        String scope = String.join("\n", RequestCaller.nameOf(request), request.getMethod(), request.getRequestURI(), key);
        byte[] query = Objects.toString(request.getQueryString(), "").getBytes(StandardCharsets.UTF_8);
        return new IdempotentRequest(sha256(scope), seal.fingerprint(query, body), seal);
    }

    private static String credentialsOf(HttpServletRequest request) {
        return Stream.of("Authorization", "X-API-Key").map(request::getHeader).filter(Objects::nonNull).findFirst().orElse("");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
