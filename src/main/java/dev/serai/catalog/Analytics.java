package dev.serai.catalog;

import dev.serai.contract.ApiRequest;
import dev.serai.database.Bind;
import dev.serai.web.ApiException;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/** Sums over orders and stock; the database adds up. */
@Component("analytics")
public class Analytics {

    private static final int MOST_YEARS = 10;
    private static final LocalDate EARLIEST = LocalDate.parse("1900-01-01");
    private static final LocalDate LATEST = LocalDate.parse("2999-12-31");

    private static final String SALES = "SELECT day, orders, units, revenue FROM sold_by_day(?::text[]::timestamptz[])";

    private static final String METRICS = """
            SELECT count(*), count(*) FILTER (WHERE published), coalesce(sum(stock), 0), coalesce(sum(worth), 0),
                   (SELECT count(*) FROM stock WHERE counted AND stock <= 0)
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
    public record Total(long orders, BigDecimal units, BigDecimal revenue) {

        private static final Total NONE = new Total(0, BigDecimal.ZERO, BigDecimal.ZERO);

        private Total plus(Total other) {
            return new Total(orders + other.orders, units.add(other.units), revenue.add(other.revenue));
        }
    }

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
        if (start.isBefore(EARLIEST) || end.isAfter(LATEST)) {
            throw ApiException.badRequest("startDate and endDate lie between " + EARLIEST + " and " + LATEST);
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

    /** By each period's first day, where anything was sold. The database adds up days. */
    private Map<LocalDate, Total> sums(LocalDate start, LocalDate end, Period period, ZoneId zone) {
        List<LocalDate> days = start.datesUntil(end.plusDays(2)).toList();
        Map<LocalDate, Total> sums = new HashMap<>();
        jdbc.query(SALES, ps -> Bind.to(ps).instants(days, day -> day.atStartOfDay(zone).toInstant()), rs -> {
            Total total = new Total(rs.getLong(2), rs.getBigDecimal(3), rs.getBigDecimal(4));
            sums.merge(period.firstDay(days.get(rs.getInt(1) - 1)), total, Total::plus);
        });
        return sums;
    }

    private static Map<String, Object> answer(LocalDate start, LocalDate end, Period period, Map<LocalDate, Total> sums) {
        List<Sales> data = new ArrayList<>();
        Total total = Total.NONE;
        for (LocalDate first = period.firstDay(start); !first.isAfter(end); first = period.next(first)) {
            Total sum = sums.getOrDefault(first, Total.NONE);
            data.add(new Sales(period.name(first), sum.orders, plain(sum.units), plain(sum.revenue)));
            total = total.plus(sum);
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
