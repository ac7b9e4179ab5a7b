package dev.serai.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteMarkerTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "\"1\"", "\"true\"", "\"2025-05-05\"", "{\"at\": 1}", "[1]"})
    void marksADelete(String value) throws Exception {
        assertThat(DeleteMarker.USUAL.marks(record(value))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "false", "0", "0.0", "\"\"", "\" \"", "\"0\"", "\"False\"", "\"no\"", "{}", "[]"})
    void saysNo(String value) throws Exception {
        assertThat(DeleteMarker.USUAL.marks(record(value))).isFalse();
        assertThat(DeleteMarker.USUAL.marks(JSON.createObjectNode())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "1", "\"2\""})
    void aConfiguredValueIsTheOnlyOne(String value) throws Exception {
        assertThat(new DeleteMarker("deleted", IntNode.valueOf(2)).marks(record(value))).isFalse();
        assertThat(new DeleteMarker("deleted", IntNode.valueOf(2)).marks(record("2"))).isTrue();
    }

    private static JsonNode record(String deleted) throws Exception {
        return JSON.readTree("{\"id\": 1, \"deleted\": " + deleted + "}");
    }
}
