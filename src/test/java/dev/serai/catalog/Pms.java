package dev.serai.catalog;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;

/** A PMS that calls a hub with its API key. */
record Pms(String url, String key) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    record Answer(HttpResponse<String> response) {

        int status() {
            return response.statusCode();
        }

        JsonNode json() {
            try {
                return JSON.readTree(response.body());
            } catch (IOException e) {
                throw new UncheckedIOException(response.body(), e);
            }
        }

        String text(String pointer) {
            return json().at(pointer).asText();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        @Override
        public String toString() {
            return status() + " " + response.body();
        }
    }

    Answer get(String path) {
        return call("GET", path, null);
    }

    Answer post(String path, String body, String... headers) {
        return call("POST", path, body, headers);
    }

    Answer patch(String path, String body) {
        return call("PATCH", path, body);
    }

    Answer call(String method, String path, String body, String... headers) {
        return start(method, path, body, headers).join();
    }

    CompletableFuture<Answer> start(String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (body != null) {
            request.setHeader("Content-Type", "application/json");
        }
        if (key != null) {
            request.setHeader("X-API-Key", key);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return HTTP.sendAsync(request.build(), BodyHandlers.ofString()).thenApply(Answer::new);
    }

    /** A new product's id. */
    String product(String fields) {
        Answer made = post("/api/pms/products", "{\"name\": \"Mug\", \"price\": 2.50, " + fields + "}");
        if (made.status() != 201) {
            throw new IllegalStateException(made.toString());
        }
        return made.text("/id");
    }

    long stock(String id) {
        return get("/api/inventory/stock/" + id).json().path("stock").asLong(-1);
    }

    Answer adjust(String id, int quantity, String type) {
        return post("/api/inventory/adjust", "{\"productId\": \"" + id + "\", \"quantity\": " + quantity + ", \"type\": \"" + type + "\"}");
    }

    Answer order(String customer, String more, String... productsAndQuantities) {
        StringBuilder items = new StringBuilder();
        for (int i = 0; i < productsAndQuantities.length; i += 2) {
            items.append(i > 0 ? "," : "").append("{\"productId\": \"").append(productsAndQuantities[i]).append("\", \"quantity\": ")
                    .append(productsAndQuantities[i + 1]).append("}");
        }
        return post("/api/pms/orders", "{\"customerId\": \"" + customer + "\", " + more + " \"items\": [" + items + "]}");
    }
}
