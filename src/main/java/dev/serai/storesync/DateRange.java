package dev.serai.storesync;

import dev.serai.contract.ApiRequest;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Two query parameters that narrow by time: dates or times in ISO 8601, UTC where they name no zone. A date as an end is the end of that
 * day.
 *
 * @param from null for any
 * @param until the time before which; null for any
 */
record DateRange(Instant from, Instant until) {

    /** @throws ApiException 422 where one is no time, or they are the wrong way round */
    static DateRange of(ApiRequest request, String fromName, String untilName) {
        DateRange range = new DateRange(read(request, fromName, false), read(request, untilName, true));
        if (range.from != null && range.until != null && !range.from.isBefore(range.until)) {
            throw ApiException.invalid(List.of(Problem.query(untilName, untilName + " is before " + fromName, "value_error.range")));
        }
        return range;
    }

    private static Instant read(ApiRequest request, String name, boolean end) {
        String text = request.text(name);
        if (text == null) {
            return null;
        }
        try {
            // In a query an unescaped plus sign reads as a space.
            return instant(text.strip().replace(' ', '+'), end);
        } catch (DateTimeException e) {
            throw ApiException.invalid(List.of(Problem.query(name, "value is not an ISO 8601 date or time", "value_error.datetime")));
        }
    }

    private static Instant instant(String text, boolean end) {
        int time = text.indexOf('T');
        if (time < 0) {
            LocalDate day = LocalDate.parse(text);
            return (end ? day.plusDays(1) : day).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        boolean zoned = text.endsWith("Z") || text.indexOf('+', time) > 0 || text.indexOf('-', time) > 0;
        return zoned ? OffsetDateTime.parse(text).toInstant() : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
