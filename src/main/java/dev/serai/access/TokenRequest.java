package dev.serai.access;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A token that a super admin asks for.
 *
 * @param lifetime null for one that does not expire
 */
record TokenRequest(String name, Role role, Scope scope, Duration lifetime) {

    private static final List<String> IDS = List.of("store_id", "terminal_id", "device_id");
    private static final Set<String> FIELDS = Set.of("name", "role", "store_id", "terminal_id", "device_id", "expires_in_days");
    private static final int LONGEST_LIFE_DAYS = 3650;

    /** @throws dev.serai.web.ApiException 422 with all its problems */
    static TokenRequest of(JsonNode body) {
        JsonFields fields = new JsonFields(body, FIELDS);
        String name = fields.requiredText("name");
        Role role = role(fields);
        Scope scope = new Scope(fields.text("store_id"), fields.text("terminal_id"), fields.text("device_id"));
        Integer days = fields.number("expires_in_days", 1, LONGEST_LIFE_DAYS);
        if (role != null) {
            requireFittingScope(fields, role);
        }
        fields.requireNone();
        return new TokenRequest(name, role, scope, days == null ? null : Duration.ofDays(days));
    }

    private static Role role(JsonFields fields) {
        String key = fields.requiredText("role");
        if (key == null) {
            return null;
        }
        String known = Role.issuable().stream().map(Role::key).collect(Collectors.joining(", "));
        return Role.issuable(key).orElseGet(() -> fields.problem("role", "must be one of " + known, "enum"));
    }

    private static void requireFittingScope(JsonFields fields, Role role) {
        String needed = switch (role) {
            case STORE -> "store_id";
            case TERMINAL -> "terminal_id";
            case DEVICE -> "device_id";
            default -> null;
        };
        if (needed != null && fields.isMissing(needed)) {
            fields.problem(needed, "is required for the role " + role.key(), "missing");
        }
        List<String> given = IDS.stream().filter(id -> !fields.isMissing(id)).toList();
        for (String id : given) {
            if (role == Role.SUPER_ADMIN || needed != null && !id.equals(needed)) {
                fields.problem(id, "does not fit the role " + role.key(), "value_error");
            }
        }
        if (role == Role.VIEWER && given.size() > 1) {
            fields.problem(given.get(1), "must be the only id: a token has one scope", "value_error");
        }
    }
}
