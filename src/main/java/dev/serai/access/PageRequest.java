package dev.serai.access;

import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.util.List;

/**
 * Which part of a list is asked for.
 *
 * @param page from 1
 * @param size 1 to 100
 */
record PageRequest(int page, int size) {

    private static final int LARGEST = 100;
    /** Keeps the offset within what PostgreSQL's integers and patience allow. */
    private static final int LAST_PAGE = 1_000_000;

    static PageRequest of(String page, String size) {
        return new PageRequest(number("page", page, 1, LAST_PAGE), number("page_size", size, 50, LARGEST));
    }

    long offset() {
        return (page - 1L) * size;
    }

    private static int number(String parameter, String text, int missing, int most) {
        if (text == null) {
            return missing;
        }
        if (!text.matches("\\d{1,9}") || Integer.parseInt(text) < 1 || Integer.parseInt(text) > most) {
            String problem = "'" + parameter + "' must be a whole number from 1 to " + most;
            throw ApiException.invalid(List.of(Problem.query(parameter, problem, "value_error")));
        }
        return Integer.parseInt(text);
    }
}
