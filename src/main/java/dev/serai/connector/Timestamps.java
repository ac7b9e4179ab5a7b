package dev.serai.connector;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads the times that sources write: ISO 8601 with or without a zone (then UTC), dates, seconds or milliseconds since 1970. */
final class Timestamps {

    /** Numbers from here on are milliseconds: as seconds they would lie in the year 5138. */
    private static final long FIRST_MILLIS = 100_000_000_000L;

    private Timestamps() {}

    /** @throws DateTimeException where it is no time */
    static Instant parse(String text) {
        String iso = text.length() > 10 && text.charAt(10) == ' ' ? text.substring(0, 10) + 'T' + text.substring(11) : text;
        if (iso.endsWith("Z")) {
            return Instant.parse(iso);
        }
        if (iso.length() <= 10) {
            return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        boolean zoned = iso.indexOf('+', 10) > 0 || iso.indexOf('-', 10) > 0;
        return zoned ? OffsetDateTime.parse(iso).toInstant() : LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }

    static Instant parse(long number) {
        return Math.abs(number) >= FIRST_MILLIS ? Instant.ofEpochMilli(number) : Instant.ofEpochSecond(number);
    }
}
