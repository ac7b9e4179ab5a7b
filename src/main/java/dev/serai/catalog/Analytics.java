package dev.serai.catalog;

import dev.serai.contract.ApiRequest;
import dev.serai.database.Bind;
import dev.serai.web.ApiException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Sums over orders and stock; the database adds up, over one index. */
@Component("analytics")
public class Analytics {

    private static final int MOST_YEARS = 10;

    /** One walk along the index, period by period: no row is put into its period by itself, which took four times as long. */
    private static final String SALES = """
            SELECT p.place - 1, s.orders, s.units, s.revenue
            FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS p(starts, ends, place), LATERAL (
                SELECT count(*) AS orders, sum(units) AS units, sum(revenue) AS revenue FROM sale
                WHERE ordered_at >= p.starts::timestamptz AND ordered_at < p.ends::timestamptz AND status <> 'cancelled') s
            WHERE s.orders > 0""";

    private static final String METRICS = """
            SELECT count(*), count(*) FILTER (WHERE published), coalesce(sum(stock), 0),
                   coalesce(sum(stock * price) FILTER (WHERE stock > 0), 0), count(*) FILTER (WHERE counted AND stock <= 0)
            FROM stock""";

    private final JdbcTemplate jdbc;
    private final Inventory inventory;

    Analytics(JdbcTemplate jdbc, Inventory inventory) {
        this.jdbc = jdbc;
        this.inventory = inventory;
    }

    /** What was sold in a period: named by its first day, a month by itself. */
    public record Sales(String period, long orders, BigDecimal units, BigDecimal revenue) {}

    /** What was sold, in one period or in all of them. */
    public record Total(long orders, BigDecimal units, BigDecimal revenue) {}

    /** What is in stock, over all products. */
    public record Metrics(
            long totalProducts, long publishedProducts, BigDecimal totalStock, BigDecimal stockValue, long lowStock, long outOfStock) {}

    public Object sales(ApiRequest request) {
        LocalDate start = request.date("startDate");
        LocalDate end = request.date("endDate");
        Period period = Period.of(request.text("groupBy"));
        ZoneId zone = zone(request.text("timezone"));
        if (end.isBefore(start)) {
            throw ApiException.badRequest("endDate " + end + " is before startDate " + start);
        }
        if (end.isAfter(start.plusYears(MOST_YEARS))) {
            throw ApiException.badRequest("The range from " + start + " to " + end + " is longer than " + MOST_YEARS + " years");
        }
        return answer(start, end, period, sums(start, end, period, zone));
    }

    private static ZoneId zone(String name) {
        if (!name.equals("UTC") && (!ZoneId.getAvailableZoneIds().contains(name) || name.startsWith("SystemV/"))) {
            throw ApiException.badRequest("timezone is none of the IANA time zones, such as UTC or Europe/Berlin");
        }
        return ZoneId.of(name);
    }

    private Map<LocalDate, Total> sums(LocalDate start, LocalDate end, Period period, ZoneId zone) {
        List<LocalDate> periods = new ArrayList<>();
        for (LocalDate first = period.firstDay(start); !first.isAfter(end); first = period.next(first)) {
            periods.add(first);
        }
        Instant from = begin(start, zone);
        Instant to = begin(end.plusDays(1), zone);
        Map<LocalDate, Total> sums = new HashMap<>();
        jdbc.query(
                SALES,
                ps -> Bind.to(ps)
                        .instants(periods, first -> later(from, begin(first, zone)))
                        .instants(periods, first -> earlier(to, begin(period.next(first), zone))),
                rs -> {
                    sums.put(periods.get(rs.getInt(1)), new Total(rs.getLong(2), rs.getBigDecimal(3), rs.getBigDecimal(4)));
                });
        return sums;
    }

    private static Instant begin(LocalDate day, ZoneId zone) {
        return day.atStartOfDay(zone).toInstant();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Map<String, Object> answer(LocalDate start, LocalDate end, Period period, Map<LocalDate, Total> sums) {
        List<Sales> data = new ArrayList<>();
        Total none = new Total(0, BigDecimal.ZERO, BigDecimal.ZERO);
        Total total = none;
        for (LocalDate first = period.firstDay(start); !first.isAfter(end); first = period.next(first)) {
            Total sum = sums.getOrDefault(first, none);
            data.add(new Sales(period.name(first), sum.orders, plain(sum.units), plain(sum.revenue)));
            total = new Total(total.orders + sum.orders, total.units.add(sum.units), total.revenue.add(sum.revenue));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("data", data);
        answer.put("total", new Total(total.orders, plain(total.units), plain(total.revenue)));
        return answer;
    }

    /** Without zeros at the end, and never as 1E+3. */
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    public Object inventoryMetrics(ApiRequest request) {
        return jdbc.queryForObject(METRICS, (rs, row) -> new Metrics(
                rs.getLong(1), rs.getLong(2), plain(rs.getBigDecimal(3)), plain(rs.getBigDecimal(4)), inventory.countLow(), rs.getLong(5)));
    }
}
