package dev.serai.connector;

import dev.serai.run.SyncRequest.Parent;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * How a source's records become changes.
 *
 * @param source        who sends them
 * @param keyFields     which fields make the key
 * @param modifiedField the field with the modified time; a record without it counts as modified at {@code readAt}
 * @param parent        which fields name the parent, or null
 * @param readAt        when the page was asked for
 */
public record Mapping(
        String source, String storeId, UUID runId, String entityType, List<String> keyFields, String modifiedField, Parent parent, Instant readAt) {}
