package dev.serai.routing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.contract.Answer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/** The step {@code answer} at the end of an operation's route: writes what the bean returned as the HTTP answer. */
public final class AnswerWriter {

    private final ObjectMapper json;

    AnswerWriter(ObjectMapper json) {
        this.json = json;
    }

    /** Writes an {@link Answer} with its status and headers; a record, Map or JsonNode as 200 with JSON; null as 204. */
    public void write(Exchange exchange) throws JsonProcessingException {
        Message message = exchange.getMessage();
        Object result = message.getBody();
        Answer answer = result instanceof Answer given ? given : Answer.of(result == null ? 204 : 200, result);
        message.removeHeaders("*");
        message.setHeader(Exchange.HTTP_RESPONSE_CODE, answer.status());
        message.setHeader(Exchange.CONTENT_TYPE, "application/json");
        answer.headers().forEach(message::setHeader);
        message.setBody(content(answer.body()));
    }

    private Object content(Object body) throws JsonProcessingException {
        if (body == null) {
            return "";
        }
        return body instanceof String || body instanceof byte[] ? body : json.writeValueAsBytes(body);
    }
}
