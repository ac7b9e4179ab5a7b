package dev.serai.change;

import com.ethlo.time.ITU;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Reads the times that sources write: ISO 8601 with or without a zone (then UTC), dates, seconds or milliseconds since 1970. */
public final class Timestamps {

    /** Numbers from here on are milliseconds: as seconds they would lie in the year 5138. */
    private static final long FIRST_MILLIS = 100_000_000_000L;

    /** With or without colons, minutes and seconds. */
    private static final DateTimeFormatter ANY_OFFSET = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME).parseLenient().appendOffset("+HH", "Z").toFormatter(Locale.ROOT);

    private Timestamps() {}

    /** Times beyond these years are mistakes, and PostgreSQL would not hold all of them. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** @throws DateTimeException where it is no time, or none of the years 1 to 9999 */
    public static Instant parse(String text) {
        return bounded(read(text));
    }

    /** @throws DateTimeException where it is none of the years 1 to 9999 */
    public static Instant parse(long number) {
        return bounded(Math.abs(number) >= FIRST_MILLIS ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number));
    }

    /** Microseconds since 1970. Counted by Java they would go by way of nanoseconds, which end in the years 1677 and 2262. */
    public static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
    }

    public static Instant ofMicros(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static Instant bounded(Instant time) {
        if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
            throw new DateTimeException("out of bounds");
        }
        return time;
    }

    private static Instant read(String text) {
        String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
        if (iso.length() <= 10) {
            return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        boolean zoned = iso.endsWith("Z") || iso.indexOf('+', 10) > 0 || iso.indexOf('-', 10) > 0;
        return zoned ? readZoned(iso) : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }

    /**
     * Nearly all are as RFC 3339 has them, which is read ten times faster by itself; Java reads the rest: without seconds, with a leap second,
     * with an offset without colon.
     */
    private static Instant readZoned(String iso) {
        try {
            return ITU.parseDateTime(iso).toInstant();
        } catch (DateTimeException e) {
            return iso.endsWith("Z") ? Instant.parse(iso) : OffsetDateTime.parse(iso, ANY_OFFSET).toInstant();
        }
    }
}
