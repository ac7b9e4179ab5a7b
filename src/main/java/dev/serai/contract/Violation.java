package dev.serai.contract;

import java.util.List;

/**
 * One place where a request breaks its contract.
 *
 * @param loc  where: {@code ["body", "page_size"]}, {@code ["query", "page"]}
 * @param msg  what is wrong, in a sentence
 * @param type the kind of error, for programs: {@code value_error.missing}, {@code type_error.integer}
 */
public record Violation(List<Object> loc, String msg, String type) {
}
