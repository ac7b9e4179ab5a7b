package dev.serai.routing;

import dev.serai.contract.ApiRequest;
import dev.serai.contract.Operation;
import dev.serai.contract.RawRequest;
import dev.serai.web.ApiException;
import dev.serai.web.FaceError;
import dev.serai.web.FaceErrors;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.springboot.PlatformHttpMessage;
import org.apache.camel.spi.RestClientRequestValidator;

/**
 * Camel's request validator for every face: reads a request by its contract and leaves the {@link ApiRequest} as the message's body, so that
 * nothing is parsed twice. A request that breaks the contract is answered here, in its face's error shape.
 */
final class ContractValidator implements RestClientRequestValidator {

    private final FaceErrors errors;

    ContractValidator(FaceErrors errors) {
        this.errors = errors;
    }

    @Override
    public ValidationError validate(Exchange exchange, ValidationContext validationContext) {
        Operation operation = FaceDispatch.operation(exchange);
        HttpServletRequest http = exchange.getMessage(PlatformHttpMessage.class).getRequest();
        exchange.setProperty(FaceFailure.PATH, http.getRequestURI());
        try {
            ApiRequest request = operation.read(raw(http, exchange.getMessage().getBody(InputStream.class)));
            // The request is all that a route needs: no header of the caller reaches a step, or an answer, by accident.
            exchange.getMessage().removeHeaders("*");
            exchange.getMessage().setBody(request);
            return null;
        } catch (ApiException e) {
            FaceError error = errors.render(http.getRequestURI(), e);
            exchange.getMessage().removeHeaders("*");
            error.headers().forEach(exchange.getMessage()::setHeader);
            exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
            return new ValidationError(error.status(), error.json());
        } catch (IOException e) {
            throw new UncheckedIOException("The request body could not be read", e);
        }
    }

    private static RawRequest raw(HttpServletRequest http, InputStream body) {
        return new RawRequest(http.getMethod(), http.getRequestURI(), http.getQueryString(), origin(http),
                http.getContentType(), body, http::getHeader, http.getRemoteAddr(), http.getUserPrincipal());
    }

    private static String origin(HttpServletRequest http) {
        StringBuffer url = http.getRequestURL();
        return url.substring(0, url.length() - http.getRequestURI().length());
    }
}
