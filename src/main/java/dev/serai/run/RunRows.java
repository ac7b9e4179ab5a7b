package dev.serai.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.database.Columns;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Runs between their rows and Java. */
@Component
class RunRows {

    static final String COLUMNS = """
            run_id, kind, job_id, trigger, entity_type, store_id, request, status, message, error_message, created_at, started_at,
            completed_at, stop_requested, owner, position, result, verdict, duration_ms, stages""";

    private static final TypeReference<Map<String, Long>> STAGES = new TypeReference<>() {};

    private final ObjectMapper json;

    RunRows(ObjectMapper json) {
        this.json = json;
    }

    Run run(ResultSet rs, int row) throws SQLException {
        return new Run(
                rs.getObject(1, UUID.class),
                rs.getString(2),
                rs.getObject(3, UUID.class),
                rs.getString(4),
                rs.getString(5),
                rs.getString(6),
                read(rs.getString(7), SyncRequest.class),
                RunStatus.of(rs.getString(8)),
                rs.getString(9),
                rs.getString(10),
                Columns.instant(rs, 11),
                Columns.instant(rs, 12),
                Columns.instant(rs, 13),
                rs.getBoolean(14),
                rs.getObject(15, Integer.class),
                read(rs.getString(16), Position.class),
                read(rs.getString(17), JsonNode.class),
                rs.getString(18),
                rs.getObject(19, Long.class),
                read(rs.getString(20), STAGES));
    }

    String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T read(String text, TypeReference<T> type) {
        try {
            return text == null ? null : json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return text == null ? null : json.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
