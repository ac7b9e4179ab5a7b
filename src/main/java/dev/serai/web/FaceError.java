package dev.serai.web;

import java.util.Map;

/**
 * An error, rendered.
 *
 * @param status the HTTP status
 * @param headers headers that belong to it ({@code Allow}, {@code Retry-After}), often none
 * @param json the body, UTF-8 text of {@code application/json}
 */
public record FaceError(int status, Map<String, String> headers, String json) {}
