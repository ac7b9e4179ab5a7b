package dev.serai.delivery;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** Reads the header {@code Retry-After}: seconds, or a date. */
public final class RetryAfter {

    private RetryAfter() {}

    /** How long to wait, never less than nothing and never more than {@code longest}; empty where the header says nothing. */
    public static Optional<Duration> read(String header, Instant now, Duration longest) {
        if (header == null) {
            return Optional.empty();
        }
        String text = header.strip();
        try {
            Duration delay = text.matches("\\d{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(now, ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME));
            Duration bounded = delay.compareTo(longest) > 0 ? longest : delay;
            return Optional.of(bounded.isNegative() ? Duration.ZERO : bounded);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
