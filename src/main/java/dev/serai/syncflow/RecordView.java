package dev.serai.syncflow;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.record.RecordHistory.Version;
import java.time.Instant;
import java.util.List;

/** A record with its newest versions; older ones are under {@code /versions}. */
@JsonNaming(SnakeCaseStrategy.class)
record RecordView(
        String entityName,
        String key,
        int version,
        @JsonRawValue String data,
        Instant modifiedAt,
        Instant updatedAt,
        String source,
        List<Version> versions) {

    static final int VERSIONS = 100;
}
