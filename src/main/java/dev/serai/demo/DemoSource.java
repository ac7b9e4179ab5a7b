package dev.serai.demo;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.settings.SeraiProperties;
import dev.serai.web.ApiException;
import dev.serai.web.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** Serves the tables in {@code routes/demo/data} a page at a time; the route {@code demo-source} calls it. No table is held in memory. */
@Component("demoSource")
class DemoSource {

    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int MAX_PAGE_SIZE = 1_000;

    private final ObjectMapper json;
    private final Path data;

    DemoSource(ObjectMapper json, SeraiProperties settings) {
        this.json = json;
        this.data = settings.homeDirectory().resolve("routes/demo/data");
    }

    /**
     * A page of a table, in the table's order.
     *
     * @param page         from 1; null for the first
     * @param pageSize     1 to 1000; null for 100
     * @param updatedSince leaves out what was last changed before; null leaves nothing out
     * @return {@code items} and {@code has_more}
     * @throws ApiException 404 for an unknown table, 422 for a value that is out of its bounds
     */
    public Map<String, Object> page(String table, String page, String pageSize, String updatedSince) throws IOException {
        Path file = file(table);
        int size = number("page_size", pageSize, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
        long skip = (number("page", page, 1, Integer.MAX_VALUE) - 1L) * size;
        Instant since = updatedSince == null ? null : time(updatedSince);
        List<JsonNode> items = new ArrayList<>();
        boolean more = false;
        try (MappingIterator<JsonNode> rows = json.readerFor(new TypeReference<JsonNode>() {}).readValues(file.toFile())) {
            while (rows.hasNextValue() && !more) {
                JsonNode row = rows.nextValue();
                if (since != null && isOlder(row, since)) {
                    continue;
                }
                if (skip > 0) {
                    skip--;
                } else if (items.size() < size) {
                    items.add(row);
                } else {
                    more = true;
                }
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("items", items);
        answer.put("has_more", more);
        return answer;
    }

    /**
     * One record, by its first field.
     *
     * @throws ApiException 404 where the table has none
     */
    public JsonNode record(String table, String key) throws IOException {
        try (MappingIterator<JsonNode> rows = json.readerFor(new TypeReference<JsonNode>() {}).readValues(file(table).toFile())) {
            while (rows.hasNextValue()) {
                JsonNode row = rows.nextValue();
                if (row.isObject() && row.elements().hasNext() && row.elements().next().asText().equals(key)) {
                    return row;
                }
            }
        }
        throw ApiException.notFound("The demo's table " + table + " has no record " + key + ".");
    }

    private Path file(String table) {
        Path file = data.resolve(table + ".json");
        if (!table.matches("[a-z_]+") || !Files.isRegularFile(file)) {
            throw ApiException.notFound("The demo has no table of this name. It has customers, products, orders and order_lines.");
        }
        return file;
    }

    /** A row whose time cannot be read may be new, so it is shown. */
    private static boolean isOlder(JsonNode row, Instant since) {
        try {
            return Instant.parse(row.path("updated_at").asText()).isBefore(since);
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static int number(String name, String value, int orElse, int most) {
        if (value == null) {
            return orElse;
        }
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below, together with what is out of bounds.
        }
        throw ApiException.invalid(List.of(Problem.query(name, name + " is a whole number from 1 to " + most, "value_error")));
    }

    private static Instant time(String value) {
        try {
            return OffsetDateTime.parse(value).toInstant();
        } catch (DateTimeException e) {
            throw ApiException.invalid(
                    List.of(Problem.query("updated_since", "updated_since is an ISO 8601 time with a zone, such as 2025-04-01T00:00:00Z", "value_error")));
        }
    }
}
