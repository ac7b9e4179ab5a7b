package dev.serai.connector;

import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Header;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Reads one answer of a source through the route {@code pull-connector-fetch-page}, which does the retries. */
@Component("pageFetcher")
public class PageFetcher {

    private static final String READING = "reading";

    private final ProducerTemplate producer;
    private final Environment environment;

    PageFetcher(ProducerTemplate producer, Environment environment) {
        this.producer = producer;
        this.environment = environment;
    }

    /** Reads a whole answer, while it comes. A try after a failure goes on where the one before ended. */
    interface Reading {

        /** {@code link} is the header of that name, or null. */
        void read(InputStream answer, String link) throws Exception;

        /** A try has failed, for this reason; another one may follow. */
        default void failed(String reason) {}
    }

    /**
     * Fetches an answer and has it read.
     *
     * @throws SourceFailed  where the source did not answer after all retries, with the reason for a person
     * @throws MalformedPage where it answered with something else than a page
     */
    void fetch(Connector connector, URI address, Reading reading) {
        Map<String, Object> headers = headers(connector, address);
        Exchange exchange = producer.request("direct:pull-connector-fetch-page", request -> {
            request.setProperty(READING, reading);
            request.getIn().setHeaders(headers);
        });
        Exception failure = exchange.getException();
        if (failure instanceof MalformedPage malformed) {
            throw malformed;
        }
        if (failure != null) {
            throw failed(failure);
        }
    }

    /** The step after the request; the route calls it while the connection is open. */
    public void read(@ExchangeProperty(READING) Reading reading, InputStream answer, @Header("Link") String link) throws Exception {
        reading.read(answer == null ? InputStream.nullInputStream() : answer, link);
    }

    /** Tells whoever waits for the answer that a try has failed, unless that was the last one anyway. */
    public static void tellFailedTry(Exchange exchange) {
        Reading reading = exchange.getProperty(READING, Reading.class);
        if (reading != null && !exchange.getExchangeExtension().isRedeliveryExhausted()) {
            reading.failed(failed(exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class)).getMessage());
        }
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
