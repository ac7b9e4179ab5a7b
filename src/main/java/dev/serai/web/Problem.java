package dev.serai.web;

import java.util.List;

/**
 * One thing wrong with a request, in the form that the retail and POS documents show.
 *
 * @param loc where: {@code ["body", "name"]} or {@code ["query", "limit"]}; integers are positions in a list
 * @param msg what, for a person
 * @param type what, for a program: {@code missing}, {@code string_type}, {@code value_error} …
 */
public record Problem(List<Object> loc, String msg, String type) {

    public static Problem body(String field, String msg, String type) {
        return new Problem(List.of("body", field), msg, type);
    }

    /** Where and what, in one line: {@code payload.order_id: field required}. */
    public String text() {
        StringBuilder text = new StringBuilder();
        loc.stream().skip(loc.size() > 1 ? 1 : 0).forEach(part -> text.append(text.isEmpty() ? "" : ".").append(part));
        return text.append(": ").append(msg).toString();
    }

    public static Problem query(String parameter, String msg, String type) {
        return new Problem(List.of("query", parameter), msg, type);
    }
}
