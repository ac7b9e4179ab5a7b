package dev.serai.routing;

import dev.serai.web.FaceError;
import dev.serai.web.FaceErrors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The end of a face's route that failed: renders what was thrown in the face's error shape. */
public final class FaceFailure {

    /** Where an exchange keeps the path that was called, for the shape of its errors. */
    static final String PATH = "serai.path";

    private final FaceErrors errors;

    FaceFailure(FaceErrors errors) {
        this.errors = errors;
    }

    public void answer(Exchange exchange) {
        Throwable failure = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        FaceError error = errors.render(exchange.getProperty(PATH, "/", String.class), failure);
        Message message = exchange.getMessage();
        message.removeHeaders("*");
        error.headers().forEach(message::setHeader);
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, error.status());
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        message.setBody(error.json());
    }
}
