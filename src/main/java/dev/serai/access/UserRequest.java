package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/** A person whom a super admin lets in. */
record UserRequest(String username, String password, Grant grant) {

    static final int LONGEST_NAME = 100;
    /** BCrypt reads no further. */
    static final int LONGEST_PASSWORD_BYTES = 72;

    /** What a path can have, too. */
    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._+@-]*");
    private static final int SHORTEST_PASSWORD = 8;
    private static final String PASSWORD = "password";

    /** @throws dev.serai.web.ApiException 422 with all its problems */
    static UserRequest of(JsonNode body) {
        JsonFields fields = new JsonFields(body, Grant.with("username", PASSWORD));
        String username = fields.requiredText("username");
        if (username != null && (username.length() > LONGEST_NAME || !NAME.matcher(username).matches())) {
            fields.problem("username", "must be at most " + LONGEST_NAME + " letters, digits, spaces and . _ - + @, a letter or digit first",
                    "value_error");
        }
        String password = password(fields);
        Grant grant = Grant.of(fields);
        fields.requireNone();
        return new UserRequest(username, password, grant);
    }

    /** @throws dev.serai.web.ApiException 422 with all its problems */
    static String newPassword(JsonNode body) {
        JsonFields fields = new JsonFields(body, Set.of(PASSWORD));
        String password = password(fields);
        fields.requireNone();
        return password;
    }

    static boolean isTooLong(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length > LONGEST_PASSWORD_BYTES;
    }

    private static String password(JsonFields fields) {
        String password = fields.requiredSecret(PASSWORD);
        if (password != null && (password.length() < SHORTEST_PASSWORD || isTooLong(password))) {
            fields.problem(PASSWORD, "must have at least " + SHORTEST_PASSWORD + " characters and at most " + LONGEST_PASSWORD_BYTES + " bytes",
                    "value_error");
        }
        return password;
    }

    @Override
    public String toString() {
        return "UserRequest[username=" + username + ", grant=" + grant + "]";
    }
}
