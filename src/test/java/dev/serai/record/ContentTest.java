package dev.serai.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.rules.Stamps;
import dev.serai.rules.Values;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "{\"title\":\"Tea\",\"price\":10.50,\"tags\":[1,null]}", "{\"title\":\"Grüner Tee 🍵\",\"größe\":{\"ä\":\"\\n\"},\"price\":1}"
    })
    void itsTextIsThatOfItsFieldsAndItsHashThatOfTheText(String json) {
        ObjectNode fields = Values.object(json);

        Content.Text text = new Content(fields, Stamps.none()).text();

        assertThat(text.json()).isEqualTo(json);
        assertThat(text.hash()).isEqualTo(Values.contentHash(fields));
    }
}
