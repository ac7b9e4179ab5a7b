package dev.serai.web;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;

/** Halves of surrogate pairs: JSON can write one alone, as an escape, but it is no character, and would be stored as a question mark. */
public final class HalfCharacters {

    private HalfCharacters() {}

    /** @throws ApiException with the status, where a text or name of the JSON has one */
    public static void refuse(byte[] json, JsonNode parsed, int status) {
        if (mayHaveOne(json) && areIn(parsed)) {
            throw ApiException.of(status, "The body has half of a surrogate pair, which is no character");
        }
    }

    /** Whether a text or name of the JSON has one. */
    public static boolean areIn(JsonNode parsed) {
        return !StandardCharsets.UTF_8.newEncoder().canEncode(parsed.toString());
    }

    /** Whether it has escapes from {@code d800} on; hardly any body has, and reading over its bytes costs next to nothing. */
    private static boolean mayHaveOne(byte[] json) {
        for (int i = 0; i < json.length - 2; i++) {
            if (json[i] == '\\' && json[i + 1] == 'u' && (json[i + 2] == 'd' || json[i + 2] == 'D')) {
                return true;
            }
        }
        return false;
    }
}
