package dev.serai.access;

import dev.serai.web.RequestPath;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.http.server.PathContainer;

/** All rules, the most specific first. */
class PathRules {

    private static final String ATTRIBUTE = PathRules.class.getName();

    private final List<PathRule> rules;

    PathRules(List<PathRule> rules) {
        Set<String> patterns = new HashSet<>();
        for (PathRule rule : rules) {
            if (!patterns.add(rule.pattern().getPatternString())) {
                throw new IllegalStateException("Two rules say who may call " + rule.pattern());
            }
        }
        this.rules = rules.stream().sorted(Comparator.comparing(PathRule::pattern)).toList();
    }

    /** Empty where no rule knows the path. Found once for a request. */
    Optional<PathRule> of(HttpServletRequest request) {
        Object found = request.getAttribute(ATTRIBUTE);
        if (found == null) {
            found = of(RequestPath.of(request));
            request.setAttribute(ATTRIBUTE, found);
        }
        return found instanceof Optional<?> rule ? rule.map(PathRule.class::cast) : Optional.empty();
    }

    private Optional<PathRule> of(PathContainer path) {
        return rules.stream().filter(rule -> rule.pattern().matches(path)).findFirst();
    }
}
