package dev.serai.connector;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Reads one page through the route {@code pull-connector-fetch-page}, which does the retries. */
@Component
class PageFetcher {

    private final ProducerTemplate producer;
    private final Environment environment;
    private final int maxPageBytes;

    PageFetcher(ProducerTemplate producer, Environment environment, @Value("${serai.connectors.max-page-bytes}") int maxPageBytes) {
        this.producer = producer;
        this.environment = environment;
        this.maxPageBytes = maxPageBytes;
    }

    /** An answer of the source: its body, and its {@code Link} header if it has one. */
    record Answer(byte[] body, String link) {}

    /** @throws SourceFailed where the source did not answer with a page after all retries, with the reason for a person */
    Answer fetch(Connector connector, URI address) {
        Map<String, Object> headers = headers(connector, address);
        Exchange exchange = producer.request("direct:pull-connector-fetch-page", in -> in.getIn().setHeaders(headers));
        if (exchange.getException() != null) {
            throw failed(exchange.getException());
        }
        byte[] body = exchange.getMessage().getBody(byte[].class);
        if (body == null) {
            throw new MalformedPage("it is empty");
        }
        if (body.length > maxPageBytes) {
            throw new MalformedPage("it has " + body.length + " bytes, more than " + maxPageBytes
                    + " (serai.connectors.max-page-bytes); ask for a smaller page_size");
        }
        return new Answer(body, exchange.getMessage().getHeader("Link", String.class));
    }

    private static SourceFailed failed(Exception e) {
        if (e instanceof HttpOperationFailedException answer) {
            return new SourceFailed("the source answered " + answer.getStatusCode(), answer.getStatusCode(), e);
        }
        String reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new SourceFailed("the source could not be reached (" + reason + ")", 0, e);
    }

    private Map<String, Object> headers(Connector connector, URI address) {
        Map<String, Object> headers = new HashMap<>();
        String text = address.toString();
        int query = text.indexOf('?');
        headers.put(Exchange.HTTP_URI, query < 0 ? text : text.substring(0, query));
        if (query >= 0) {
            headers.put(Exchange.HTTP_QUERY, text.substring(query + 1));
        }
        headers.put("Accept", "application/json");
        switch (connector.auth()) {
            case NONE -> {}
            case BEARER -> headers.put("Authorization", "Bearer " + secret(connector));
            case HEADER -> headers.put(connector.headerName(), secret(connector));
            case BASIC -> {
                byte[] credentials = (connector.user() + ":" + secret(connector)).getBytes(StandardCharsets.UTF_8);
                headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
            }
        }
        return headers;
    }

    private String secret(Connector connector) {
        String secret = environment.getProperty(connector.secretProperty());
        if (secret == null || secret.isBlank()) {
            throw new SourceFailed("its secret is not set: set the property or environment variable " + connector.secretProperty(), 0, null);
        }
        return secret;
    }
}
