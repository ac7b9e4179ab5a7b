package dev.serai.connector;

import dev.serai.run.SyncRequest.Parent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A source as its file in {@code routes/connectors/} declares it; see the route template {@code pull-connector} for every parameter.
 *
 * @param slug           by which a sync asks for it
 * @param url            of its first page, escaped, without paging parameters
 * @param record         path of one record on the same server, with {@code {key}} in it; empty where the source cannot give one
 * @param keyFields      declared key fields; empty where the request has to name them
 * @param parent         declared parent, or null
 * @param secretProperty the property (or environment variable) that holds the token or password, never the secret itself
 */
public record Connector(
        String slug,
        String url,
        Paging paging,
        String items,
        String hasMore,
        String pageParam,
        String offsetParam,
        String sizeParam,
        String cursorField,
        String cursorParam,
        String sinceParam,
        String record,
        List<String> keyFields,
        Parent parent,
        String modifiedField,
        Auth auth,
        String user,
        String headerName,
        String secretProperty) {

    /** How the next page is found. */
    public enum Paging {
        PAGE_NUMBER,
        OFFSET,
        CURSOR,
        LINK
    }

    /** How the hub identifies itself. */
    public enum Auth {
        NONE,
        BEARER,
        BASIC,
        HEADER
    }

    /**
     * Reads a connector from the parameters of its templated route.
     *
     * @throws IllegalArgumentException naming the parameter that is wrong
     */
    static Connector of(String slug, Map<String, ?> parameters) {
        Parameters given = new Parameters(slug, parameters);
        String parent = given.text("parent", "");
        List<String> parentKeys = given.fields("parentKeys");
        if (!parent.isEmpty() && parentKeys.isEmpty()) {
            throw new IllegalArgumentException("Connector " + slug + " names a \"parent\" but no \"parentKeys\"");
        }
        Auth auth = given.choice("auth", Auth.class, Auth.NONE);
        if (auth != Auth.NONE && given.text("secret", "").isEmpty()) {
            throw new IllegalArgumentException("Connector " + slug + " has an \"auth\" but no \"secret\": the property that holds it");
        }
        return new Connector(
                slug,
                Address.escaped(given.text("url", "")),
                given.choice("paging", Paging.class, Paging.PAGE_NUMBER),
                given.text("items", "items"),
                given.text("hasMore", "has_more"),
                given.text("pageParam", "page"),
                given.text("offsetParam", "offset"),
                given.text("sizeParam", "page_size"),
                given.text("cursorField", "next_cursor"),
                given.text("cursorParam", "cursor"),
                given.text("sinceParam", "updated_since"),
                given.record(),
                given.fields("keys"),
                parent.isEmpty() ? null : new Parent(parent, parentKeys),
                given.text("modifiedField", "updated_at"),
                auth,
                given.text("user", ""),
                given.text("header", "X-API-Key"),
                given.text("secret", ""));
    }

    /** A templated route's parameters, as text. */
    private record Parameters(String slug, Map<String, ?> values) {

        String text(String name, String orElse) {
            Object value = values.get(name);
            return value == null || value.toString().isBlank() ? orElse : value.toString().trim();
        }

        /** Names of fields, separated by commas. */
        List<String> fields(String name) {
            List<String> fields = Arrays.stream(text(name, "").split(",")).map(String::trim).filter(field -> !field.isEmpty()).toList();
            if (fields.stream().distinct().count() < fields.size()) {
                throw new IllegalArgumentException("Connector " + slug + " names a field twice in its " + name + ": " + String.join(", ", fields));
            }
            return fields;
        }

        /** On the source's own server, since the credentials go along. */
        String record() {
            String record = text("record", "");
            if (!record.isEmpty() && (!record.startsWith("/") || record.startsWith("//") || !record.contains("{key}"))) {
                throw new IllegalArgumentException("Connector " + slug + " has a record that is no path with {key}: " + record);
            }
            return record;
        }

        private static <E extends Enum<E>> String choices(Class<E> type) {
            return Arrays.stream(type.getEnumConstants()).map(Parameters::written).collect(Collectors.joining(", "));
        }

        private static String written(Enum<?> constant) {
            return constant.name().replace('_', '-').toLowerCase(Locale.ROOT);
        }

        <E extends Enum<E>> E choice(String name, Class<E> type, E orElse) {
            String text = text(name, "");
            if (text.isEmpty()) {
                return orElse;
            }
            for (E constant : type.getEnumConstants()) {
                if (written(constant).equalsIgnoreCase(text)) {
                    return constant;
                }
            }
            throw new IllegalArgumentException("Connector " + slug + " has an unknown " + name + ": \"" + text + "\"; there are " + choices(type));
        }
    }
}
