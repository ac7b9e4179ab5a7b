package dev.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.change.RecordKey;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/** What the records of the catalog are called, and how their numbers are read; the database's views read them alike. */
final class Catalog {

    static final String PRODUCTS = "products";
    static final String ORDERS = "orders";

    /** The field that holds a product's stock: the same that the stores send. */
    static final String INVENTORY = "inventory";

    private static final int LONGEST_NUMBER = 36;

    private Catalog() {}

    static RecordKey product(String id) {
        return new RecordKey(PRODUCTS, id);
    }

    static RecordKey order(String id) {
        return new RecordKey(ORDERS, id);
    }

    /** What is in stock; nothing where nobody counts it. */
    static long stock(JsonNode product) {
        return number(product.path(INVENTORY)).setScale(0, RoundingMode.FLOOR).longValue();
    }

    /** A number, also one that a store sent as text; zero for anything else. */
    static BigDecimal number(JsonNode value) {
        return ifNumber(value).orElse(BigDecimal.ZERO);
    }

    static Optional<BigDecimal> ifNumber(JsonNode value) {
        String text = value.isNumber() ? value.decimalValue().toPlainString() : value.asText("");
        boolean number = text.length() <= LONGEST_NUMBER && text.matches("-?[0-9]{1,15}(\\.[0-9]{1,20})?");
        return number ? Optional.of(new BigDecimal(text)) : Optional.empty();
    }
}
