package dev.serai.routing;

import dev.serai.contract.ApiRequest;
import dev.serai.contract.Operation;
import dev.serai.contract.RawRequest;
import dev.serai.web.ApiException;
import dev.serai.web.FaceErrors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Message;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Leads a request of a face to the route of its operation, on the thread that it came in on, and writes what the route leaves. Requests are
 * read by the contract, so that nothing is parsed twice; one that breaks it is answered in its face's error shape and reaches no route.
 */
final class FaceDispatch {

    private static final String CAMEL = "Camel";

    private final CamelContext context;
    private final FaceErrors errors;

    FaceDispatch(CamelContext context, FaceErrors errors) {
        this.context = context;
        this.errors = errors;
    }

    /** The way to an operation's route. It finds the route anew when that has been replaced, and waits for it meanwhile. */
    AsyncProducer producer(Operation operation) {
        try {
            AsyncProducer producer = context.getEndpoint("direct:" + operation.id()).createAsyncProducer();
            ServiceHelper.startService(producer);
            return producer;
        } catch (Exception e) {
            throw new IllegalStateException("There is no way to the operation " + operation.id(), e);
        }
    }

    void serve(Operation operation, AsyncProducer producer, HttpServletRequest http, HttpServletResponse response) throws IOException {
        try {
            if (!context.isStarted()) {
                throw new ApiException(503, "UNAVAILABLE", "The hub is stopping.", null, Map.of("Retry-After", "1"));
            }
            Exchange exchange = exchange(producer.getEndpoint(), http.getRequestURI(), operation.read(raw(http)));
            producer.process(exchange);
            if (exchange.getException() != null) {
                throw exchange.getException();
            }
            write(exchange.getMessage(), response);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            errors.write(http, response, e);
        }
    }

    private static Exchange exchange(Endpoint route, String path, ApiRequest request) {
        Exchange exchange = route.createExchange(ExchangePattern.InOut);
        exchange.setProperty(FaceFailure.PATH, path);
        // The request is all that a route needs: no header of the caller reaches a step, or an answer, by accident.
        exchange.getMessage().setBody(request);
        return exchange;
    }

    private static void write(Message message, HttpServletResponse response) throws IOException {
        response.setStatus(message.getHeader(Exchange.HTTP_RESPONSE_CODE, 200, Integer.class));
        message.getHeaders().forEach((name, value) -> {
            if (value != null && !name.startsWith(CAMEL)) {
                response.setHeader(name, value.toString());
            }
        });
        byte[] body = bytes(message);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static byte[] bytes(Message message) {
        if (message.getBody() instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        byte[] bytes = message.getBody(byte[].class);
        return bytes == null ? new byte[0] : bytes;
    }

    private static RawRequest raw(HttpServletRequest http) throws IOException {
        return new RawRequest(http.getMethod(), http.getRequestURI(), http.getQueryString(), origin(http),
                http.getContentType(), http.getInputStream(), http::getHeader, http.getRemoteAddr(), http.getUserPrincipal());
    }

    private static String origin(HttpServletRequest http) {
        StringBuffer url = http.getRequestURL();
        return url.substring(0, url.length() - http.getRequestURI().length());
    }
}
