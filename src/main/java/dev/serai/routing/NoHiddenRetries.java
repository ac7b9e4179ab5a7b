package dev.serai.routing;

import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;

/** The HTTP client repeats 429 and 503 once by itself, which would double every retry that a route configuration counts. */
final class NoHiddenRetries implements HttpClientConfigurer {

    @Override
    public void configureHttpClient(HttpClientBuilder client) {
        client.disableAutomaticRetries();
    }
}
