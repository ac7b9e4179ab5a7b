package dev.serai.access;

import java.io.Serializable;
import java.security.Principal;

/**
 * Who is calling. Holds no secret.
 *
 * @param id stable, and unique over all kinds: {@code user:ada}, {@code token:tok_…}, {@code key:key_…};
 *     audit entries name callers by it
 * @param label the name that a person gave it
 * @param rateLimitPerMinute requests a minute that an API key may make; null for callers that are not limited
 */
public record Caller(String id, String label, Role role, Scope scope, Integer rateLimitPerMinute) implements Principal, Serializable {

    @Override
    public String getName() {
        return id;
    }

    /** Whether this caller is confined to nothing: a super admin, an API key, or a viewer of everything. */
    public boolean seesAll() {
        return scope.isAll();
    }
}
