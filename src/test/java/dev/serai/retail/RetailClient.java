package dev.serai.retail;

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
import java.util.function.Supplier;

/** Calls the retail face over real HTTP. */
final class RetailClient {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final Supplier<String> baseUrl;

    RetailClient(Supplier<String> baseUrl) {
        this.baseUrl = baseUrl;
    }

    record Answer(int status, JsonNode body, HttpResponse<String> http) {

        String header(String name) {
            return http.headers().firstValue(name).orElse(null);
        }
    }

    Answer get(String path, String... headers) {
        return send(request(path, headers).GET());
    }

    Answer post(String path, String json, String... headers) {
        return send(request(path, headers).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)));
    }

    Answer send(String method, String path) {
        return send(request(path).method(method, BodyPublishers.noBody()));
    }

    /** Pushes an event {@code {"n": …}}; answers its number. */
    long push(String device, int n, String... headers) {
        Answer answer = post("/sync/push", event(device, n), headers);
        if (answer.status() != 202) {
            throw new IllegalStateException(answer.toString());
        }
        return answer.body().path("event_id").asLong();
    }

    static String event(String device, int n) {
        return "{\"event_type\":\"stock_update\",\"payload\":{\"n\":" + n + "},\"device_id\":\"" + device + "\"}";
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(baseUrl.get() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    private Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            return new Answer(answer.statusCode(), JSON.readTree(answer.body()), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
