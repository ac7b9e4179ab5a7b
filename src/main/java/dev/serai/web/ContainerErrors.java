package dev.serai.web;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpHeaders;

/** Answers what Jetty refuses before there is a request to speak of: bad syntax, ambiguous paths, headers that are too large. */
final class ContainerErrors extends ErrorHandler {

    private final FaceErrors errors;

    ContainerErrors(FaceErrors errors) {
        this.errors = errors;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus() < 400 ? 500 : response.getStatus();
        FaceError error = errors.render(RequestLines.pathOf(request), Refusals.ofStatus(status, HttpHeaders.EMPTY));
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        response.write(true, BufferUtil.toBuffer(error.json(), StandardCharsets.UTF_8), callback);
        return true;
    }
}
