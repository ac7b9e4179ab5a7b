package dev.serai.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.watch.AuditPage.Recorded;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The audit trail. An entry is there when the call returns, or with the caller's transaction where there is one. */
@Component("audit")
public class Audit {

    private static final TypeReference<Map<String, Object>> DETAILS = new TypeReference<>() {};
    private static final int LONGEST_TEXT = 2000;

    private final JdbcClient database;
    private final ObjectMapper json;
    private final Clock clock;

    Audit(JdbcClient database, ObjectMapper json, Clock clock) {
        this.database = database;
        this.json = json;
        this.clock = clock;
    }

    public void record(String who, String action, String subject, String result, Map<String, ?> details) {
        record(AuditEntry.of(who, action, subject, result, details));
    }

    public void record(AuditEntry entry) {
        recordAll(List.of(entry));
    }

    /** All of them with one statement, in the order of the list. */
    public void recordAll(List<AuditEntry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        database.sql("""
                INSERT INTO audit_entry (recorded_at, who, user_id, device_id, action, subject, result, details)
                SELECT :now, e.* FROM unnest(:who::text[], :user::text[], :device::text[], :action::text[], :subject::text[],
                    :result::text[], :details::jsonb[]) e""")
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("who", column(entries, AuditEntry::who))
                .param("user", column(entries, AuditEntry::userId))
                .param("device", column(entries, AuditEntry::deviceId))
                .param("action", column(entries, AuditEntry::action))
                .param("subject", column(entries, AuditEntry::subject))
                .param("result", column(entries, AuditEntry::result))
                .param("details", entries.stream().map(entry -> text(entry.details())).toArray(String[]::new))
                .update();
    }

    public AuditPage find(AuditQuery query) {
        List<Recorded> found = database.sql("""
                SELECT * FROM audit_entry
                WHERE (:device::text IS NULL OR device_id = :device) AND (:user::text IS NULL OR user_id = :user)
                  AND (:action::text IS NULL OR action = :action)
                  AND (:from::timestamptz IS NULL OR recorded_at >= :from) AND (:to::timestamptz IS NULL OR recorded_at < :to)
                  AND (:before::bigint IS NULL OR audit_id < :before)
                ORDER BY audit_id DESC LIMIT :limit""")
                .param("device", query.deviceId())
                .param("user", query.userId())
                .param("action", query.action())
                .param("from", timestamp(query.from()))
                .param("to", timestamp(query.to()))
                .param("before", query.before())
                .param("limit", query.limit() + 1)
                .query(this::recorded)
                .list();
        boolean more = found.size() > query.limit();
        List<Recorded> page = more ? found.subList(0, query.limit()) : found;
        return new AuditPage(List.copyOf(page), more ? page.get(page.size() - 1).id() : null);
    }

    /** Forgets the oldest entries, at most so many at a time; answers how many went. */
    int forget(Duration age, int most) {
        return database.sql("""
                DELETE FROM audit_entry WHERE audit_id IN (
                    SELECT audit_id FROM audit_entry WHERE recorded_at < :before ORDER BY recorded_at LIMIT :most)""")
                .param("before", timestamp(clock.instant().minus(age)))
                .param("most", most)
                .update();
    }

    private Recorded recorded(ResultSet row, int number) throws SQLException {
        return new Recorded(
                row.getLong("audit_id"), row.getObject("recorded_at", OffsetDateTime.class).toInstant(), row.getString("who"),
                row.getString("user_id"), row.getString("device_id"), row.getString("action"), row.getString("subject"),
                row.getString("result"), details(row.getString("details")));
    }

    private static String[] column(List<AuditEntry> entries, Function<AuditEntry, String> value) {
        return entries.stream().map(value).map(Audit::storable).toArray(String[]::new);
    }

    /** Callers choose some of these texts. PostgreSQL takes no NUL, and a trail is no place for a book. */
    private static String storable(String text) {
        if (text == null) {
            return null;
        }
        String clean = text.replace('\0', '\uFFFD');
        return clean.length() <= LONGEST_TEXT ? clean : clean.substring(0, LONGEST_TEXT) + "…";
    }

    private String text(Map<String, ?> details) {
        try {
            return json.writeValueAsString(details).replace("\\u0000", "\\uFFFD");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("The details of an audit entry could not be written as JSON", e);
        }
    }

    private Map<String, Object> details(String text) {
        try {
            return json.readValue(text, DETAILS);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The details of an audit entry are no JSON object", e);
        }
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
