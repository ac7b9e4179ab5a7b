package dev.serai.access;

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a super admin lets somebody do: a role, and for some roles the one store, terminal or device that it is for. */
record Grant(Role role, Scope scope) {

    private static final String ROLE = "role";
    private static final List<String> IDS = List.of("store_id", "terminal_id", "device_id");

    /** The fields of a request that has these besides a grant's. */
    static Set<String> with(String... others) {
        Set<String> fields = new HashSet<>(IDS);
        fields.add(ROLE);
        Collections.addAll(fields, others);
        return fields;
    }

    /** Adds what is wrong to the problems of the fields. */
    static Grant of(JsonFields fields) {
        Role role = role(fields);
        Scope scope = new Scope(fields.text("store_id"), fields.text("terminal_id"), fields.text("device_id"));
        if (role != null) {
            requireFittingScope(fields, role);
        }
        return new Grant(role, scope);
    }

    private static Role role(JsonFields fields) {
        String key = fields.requiredText(ROLE);
        if (key == null) {
            return null;
        }
        String known = Role.issuable().stream().map(Role::key).collect(Collectors.joining(", "));
        return Role.issuable(key).orElseGet(() -> fields.problem(ROLE, "must be one of " + known, "enum"));
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
            fields.problem(given.get(1), "must be the only id: a scope has one", "value_error");
        }
    }
}
