package dev.serai.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what failed outside the dispatcher: in a filter, in the container, or by {@code sendError}. */
@Controller
class FaceErrorController implements ErrorController {

    private final FaceErrors errors;

    FaceErrorController(FaceErrors errors) {
        this.errors = errors;
    }

    @RequestMapping("${server.error.path:/error}")
    void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Throwable failure = (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        if (failure == null) {
            Integer status = (Integer) request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
            failure = Refusals.ofStatus(status == null ? 404 : status, HttpHeaders.EMPTY);
        }
        String path = (String) request.getAttribute(RequestDispatcher.ERROR_REQUEST_URI);
        errors.write(path == null ? "/" : path, response, failure);
    }
}
