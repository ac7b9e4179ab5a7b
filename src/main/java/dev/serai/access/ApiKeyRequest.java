package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** An API key that a super admin asks for. */
record ApiKeyRequest(String name, int rateLimitPerMinute) {

    /** What the PMS document promises every key. */
    static final int USUAL_LIMIT = 100;

    private static final int LARGEST_LIMIT = 1_000_000;

    /** @throws dev.serai.web.ApiException 422 with all its problems */
    static ApiKeyRequest of(JsonNode body) {
        JsonFields fields = new JsonFields(body, Set.of("name", "rate_limit_per_minute"));
        String name = fields.requiredText("name");
        Integer limit = fields.number("rate_limit_per_minute", 1, LARGEST_LIMIT);
        fields.requireNone();
        return new ApiKeyRequest(name, limit == null ? USUAL_LIMIT : limit);
    }
}
