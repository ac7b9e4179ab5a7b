package dev.serai.store;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/** One version of a store's configuration, without secrets, and who saved it. */
@JsonNaming(SnakeCaseStrategy.class)
public record StoreVersion(int version, ObjectNode configuration, Instant savedAt, String savedBy) {}
