package dev.serai.console;

import dev.serai.web.ApiException;
import java.util.Collection;

/** A form's value that is one of a few. What the pages call is the operations of the APIs, whose contracts are not asked here. */
final class Choice {

    private Choice() {}

    static String of(String parameter, String value, Collection<String> choices) {
        if (!choices.contains(value)) {
            throw ApiException.badRequest("The parameter " + parameter + " is one of " + String.join(", ", choices) + ".");
        }
        return value;
    }
}
