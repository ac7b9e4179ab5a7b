package dev.serai.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.web.ApiException;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationTest {

    private static final byte[] START = """
            {"entity_name": "inventory_items", "connector_api_slug": "inventory_items", "business_key_fields": ["item_number"],
             "sync_type": "incremental", "page_size": 1000}""".getBytes(StandardCharsets.UTF_8);

    @Test
    void whatAPatternAsksForIsSaidInWords() throws Exception {
        Operation start = Contract.compile("syncflow", Files.readString(Path.of("routes/api/syncflow.openapi.json"))).operation("startSync");
        byte[] body = new String(START, StandardCharsets.UTF_8).replace("\"connector_api_slug\": \"inventory_items\"",
                "\"connector_api_slug\": \"https://erp.example/items\"").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> start.read(new RawRequest("POST", "/api/v1/sync/start", null, "http://hub", "application/json",
                new ByteArrayInputStream(body), name -> null, "127.0.0.1", null)))
                .extracting("details").asString().contains("value must be letters, digits and any of _ . -").doesNotContain("[A-Za-z0-9");

        Operation pull = Contract.compile("retail", Files.readString(Path.of("routes/api/retail.openapi.json"))).operation("pullEvents");
        assertThatThrownBy(() -> pull.read(new RawRequest("GET", "/sync/pull", "device_id=%20", "http://hub", null,
                new ByteArrayInputStream(new byte[0]), name -> null, "127.0.0.1", null)))
                .extracting("details").asString().contains("value must not be blank, and must have no control characters");
    }

    @ParameterizedTest
    @CsvSource({"retail, pushEvent, 400", "pos, posSync, 400", "pms, createOrder, 400", "syncflow, startSync, 400", "stores, triggerStoreSync, 400"})
    void whatIsNestedTooDeeplyOrTooLongIsToldSo(String face, String operation, int status) throws Exception {
        Operation read = Contract.compile(face, Files.readString(Path.of("routes/api/" + face + ".openapi.json"))).operation(operation);

        assertRefused(read, "{\"a\":".repeat(101) + "1" + "}".repeat(101), status,
                "The request body is nested too deeply: more than 100 objects and arrays inside one another");
        assertRefused(read, "{\"a\":" + "1".repeat(1001) + "}", status,
                "The request body has a number, a text or a name that is too long to be read");
        assertRefused(read, "{\"a\" 1}", status, "The request body is not valid JSON (line 1, column 6)");
    }

    private static void assertRefused(Operation operation, String body, int status, String message) {
        assertThatThrownBy(() -> operation.read(new RawRequest("POST", "/", null, "http://hub", "application/json",
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), name -> null, "127.0.0.1", null)))
                .isInstanceOfSatisfying(ApiException.class, refusal -> assertThat(refusal.status()).isEqualTo(status)).hasMessage(message);
    }

    @Test
    void aSmallBodyIsReadAndCheckedInMicroseconds() throws Exception {
        Operation start = Contract.compile("syncflow", Files.readString(Path.of("routes/api/syncflow.openapi.json"))).operation("startSync");
        long best = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long begun = System.nanoTime();
            for (int i = 0; i < 5000; i++) {
                start.read(new RawRequest("POST", "/api/v1/sync/start", null, "http://hub", "application/json",
                        new ByteArrayInputStream(START), name -> null, "127.0.0.1", null));
            }
            best = Math.min(best, (System.nanoTime() - begun) / 5000);
        }
        System.out.println("Reading and checking a start request takes " + best + " ns");

        // Ten times the aim, for a machine that is busy; what this guards against is compiling schemas for each request.
        assertThat(best).isLessThan(100_000);
    }
}
