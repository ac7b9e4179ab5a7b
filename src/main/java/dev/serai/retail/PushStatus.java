package dev.serai.retail;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.serai.device.PushCounts;
import dev.serai.device.PushHistory;
import dev.serai.device.PushQuery;
import dev.serai.device.Pushed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** What became of pushed events: pending until another device has acknowledged them. */
@Component
class PushStatus {

    private final PushHistory history;

    PushStatus(PushHistory history) {
        this.history = history;
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record Line(
            long eventId, String eventType, String deviceId, String userId, Instant timestamp, Instant acceptedAt, String status) {

        static Line of(Pushed pushed) {
            return new Line(
                    pushed.event().eventId(), pushed.event().eventType(), pushed.event().deviceId(), pushed.event().userId(),
                    pushed.event().happenedAt(), pushed.event().acceptedAt(), pushed.acknowledged() ? "acknowledged" : "pending");
        }
    }

    Map<String, Object> show(String deviceId, String userId, String cursor, int limit) {
        PushCounts counts = history.count(deviceId, userId);
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("total", counts.total());
        summary.put("pending", counts.total() - counts.acknowledged());
        summary.put("acknowledged", counts.acknowledged());
        Long before = cursor == null ? null : Long.valueOf(cursor);
        List<Line> lines = history.newest(new PushQuery(deviceId, userId, null, null, before, limit + 1)).stream().map(Line::of).toList();
        boolean more = lines.size() > limit;
        List<Line> page = more ? lines.subList(0, limit) : lines;
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("summary", summary);
        answer.put("history", page);
        answer.put("has_more", more);
        answer.put("next_cursor", more ? Long.toString(page.get(page.size() - 1).eventId()) : null);
        return answer;
    }
}
