package dev.serai.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.ExpressionIllegalSyntaxException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.ResolveEndpointFailedException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Finds the line and the reason in what Camel throws: its exceptions name the culprit, seldom the line. */
final class Culprit {

    private static final Pattern LOCATION = Pattern.compile("Property with key \\[([^]]+)]|[Uu]nknown parameters=\\[\\{([^=}]+)=");
    private static final Pattern QUOTED = Pattern.compile("[\"'\\[:]([A-Za-z][\\w.-]{2,})[\"'\\]]");

    private Culprit() {
    }

    static RouteFileProblem find(Unit unit, Throwable failure) {
        List<String> names = new ArrayList<>();
        Throwable deepest = failure;
        for (Throwable cause = failure; cause != null && cause.getCause() != cause; cause = cause.getCause()) {
            deepest = cause;
            if (cause instanceof MarkedYamlEngineException marked && marked.getProblemMark().isPresent()) {
                int line = marked.getProblemMark().get().getLine() + 1;
                return new RouteFileProblem(unit.file(), line, reason(unit, marked.getProblem()), failure);
            }
            addNames(cause, names);
        }
        return new RouteFileProblem(unit.file(), line(unit, names), reason(unit, String.valueOf(deepest.getMessage())), failure);
    }

    private static void addNames(Throwable cause, List<String> names) {
        if (cause instanceof NoSuchBeanException missing) {
            names.add(0, missing.getName());
        } else if (cause instanceof MethodNotFoundException missing) {
            names.add(0, missing.getMethodName());
        } else if (cause instanceof NoSuchEndpointException unknown) {
            names.add(0, asWritten(unknown.getUri()));
        } else if (cause instanceof ResolveEndpointFailedException unresolved) {
            names.add(asWritten(unresolved.getUri()));
        } else if (cause instanceof ExpressionIllegalSyntaxException wrong) {
            names.add(0, wrong.getExpression());
        }
        String message = String.valueOf(cause.getMessage());
        Matcher location = LOCATION.matcher(message);
        while (location.find()) {
            names.add(0, location.group(1) != null ? location.group(1) : location.group(2));
        }
        Matcher quoted = QUOTED.matcher(message);
        while (quoted.find()) {
            names.add(quoted.group(1));
        }
    }

    /** Camel normalises addresses: {@code log:x} becomes {@code log://x}. */
    private static String asWritten(String uri) {
        return uri.replace("://", ":").split("[?]")[0];
    }

    private static int line(Unit unit, List<String> names) {
        String[] lines = unit.text().split("\n", -1);
        for (String name : names) {
            for (int i = 0; i < lines.length; i++) {
                // The id of the item itself is in nearly every message, and is not what is wrong.
                if (name != null && !name.isBlank() && !name.equals(unit.id()) && lines[i].contains(name)) {
                    return unit.line() + i;
                }
            }
        }
        return unit.line();
    }

    private static String reason(Unit unit, String message) {
        return unit.kind().word + " " + unit.id() + ": " + message.replaceAll("\\s+", " ").strip();
    }
}
