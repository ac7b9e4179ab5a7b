package dev.serai.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.database.Bind;
import dev.serai.database.Columns;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** How far each incremental sync has read, and where one that ended early goes on. */
@Component
public class Cursors {

    /**
     * @param readUntil  everything modified before was read; null before the first complete run
     * @param unfinished where the last run ended, if it ended before its last page and the next one can go on there
     */
    public record Cursor(Instant readUntil, Unfinished unfinished) {

        public static final Cursor NONE = new Cursor(null, null);
    }

    /** Where to go on; only a run with the same page size can. */
    public record Unfinished(int pageSize, Position position) {}

    private final JdbcTemplate jdbc;
    private final ObjectMapper json;
    private final Clock clock;

    Cursors(JdbcTemplate jdbc, ObjectMapper json, Clock clock) {
        this.jdbc = jdbc;
        this.json = json;
        this.clock = clock;
    }

    public Cursor find(SyncRequest request) {
        return jdbc.query(
                        "SELECT read_until, unfinished FROM sync_cursor WHERE connector = ? AND entity_type = ?",
                        ps -> Bind.to(ps).text(request.connector()).text(request.entityName()),
                        (rs, row) -> new Cursor(
                                Columns.instant(rs, 1),
                                read(rs.getString(2))))
                .stream()
                .findFirst()
                .orElse(Cursor.NONE);
    }

    /** The sync has read everything modified before this time. */
    public void finished(SyncRequest request, Instant readUntil) {
        save(request, readUntil, null);
    }

    /** The sync ended early; {@code readUntil} stays as it was. */
    public void unfinished(SyncRequest request, Position position) {
        save(request, find(request).readUntil(), new Unfinished(request.pageSize(), position));
    }

    /** The sync ended early, and is to begin at its first page; {@code readUntil} stays as it was. */
    public void dropUnfinished(SyncRequest request) {
        save(request, find(request).readUntil(), null);
    }

    private void save(SyncRequest request, Instant readUntil, Unfinished unfinished) {
        jdbc.update(
                """
                INSERT INTO sync_cursor (connector, entity_type, read_until, unfinished, updated_at) VALUES (?, ?, ?, ?::jsonb, ?)
                ON CONFLICT (connector, entity_type) DO UPDATE
                SET read_until = excluded.read_until, unfinished = excluded.unfinished, updated_at = excluded.updated_at""",
                ps -> Bind.to(ps)
                        .text(request.connector())
                        .text(request.entityName())
                        .at(readUntil)
                        .text(write(unfinished))
                        .at(clock.instant()));
    }

    private String write(Unfinished unfinished) {
        try {
            return unfinished == null ? null : json.writeValueAsString(unfinished);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Unfinished read(String text) {
        try {
            return text == null ? null : json.readValue(text, Unfinished.class);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
