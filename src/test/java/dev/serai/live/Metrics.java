package dev.serai.live;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Base64;

/** Reads the hub's own meters as Prometheus does. */
final class Metrics {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Metrics() {}

    /** The sum over all tags; 0 where the meter is not there yet. */
    static double sum(String baseUrl, String name) throws IOException, InterruptedException {
        String demo = Base64.getEncoder().encodeToString("demo:demo".getBytes());
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/actuator/prometheus")).header("Authorization", "Basic " + demo).build();
        return HTTP.send(request, BodyHandlers.ofLines()).body()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
