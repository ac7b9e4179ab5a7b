package dev.serai.catalog;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.TemporalAdjusters;
import java.util.Locale;

/** By what sales are grouped. */
enum Period {
    DAY {
        @Override
        LocalDate firstDay(LocalDate day) {
            return day;
        }

        @Override
        LocalDate next(LocalDate first) {
            return first.plusDays(1);
        }
    },
    /** From Monday. */
    WEEK {
        @Override
        LocalDate firstDay(LocalDate day) {
            return day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        }

        @Override
        LocalDate next(LocalDate first) {
            return first.plusWeeks(1);
        }
    },
    MONTH {
        @Override
        LocalDate firstDay(LocalDate day) {
            return day.withDayOfMonth(1);
        }

        @Override
        LocalDate next(LocalDate first) {
            return first.plusMonths(1);
        }

        @Override
        String name(LocalDate first) {
            return YearMonth.from(first).toString();
        }
    };

    static Period of(String unit) {
        return valueOf(unit.toUpperCase(Locale.ROOT));
    }

    /** The first day of the period in which the day lies. */
    abstract LocalDate firstDay(LocalDate day);

    abstract LocalDate next(LocalDate first);

    /** How the period that begins on this day is named. */
    String name(LocalDate first) {
        return first.toString();
    }
}
