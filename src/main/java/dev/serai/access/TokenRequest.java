package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/**
 * A token that a super admin asks for.
 *
 * @param lifetime null for one that does not expire
 */
record TokenRequest(String name, Grant grant, Duration lifetime) {

    private static final int LONGEST_LIFE_DAYS = 3650;

    /** @throws dev.serai.web.ApiException 422 with all its problems */
    static TokenRequest of(JsonNode body) {
        JsonFields fields = new JsonFields(body, Grant.with("name", "expires_in_days"));
        String name = fields.requiredText("name");
        Grant grant = Grant.of(fields);
        Integer days = fields.number("expires_in_days", 1, LONGEST_LIFE_DAYS);
        fields.requireNone();
        return new TokenRequest(name, grant, days == null ? null : Duration.ofDays(days));
    }
}
