package dev.serai.web;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Answers what the dispatcher throws: unknown paths, wrong methods and media types, and the exceptions of controllers. */
@RestControllerAdvice
class FaceErrorAdvice {

    private final FaceErrors errors;

    FaceErrorAdvice(FaceErrors errors) {
        this.errors = errors;
    }

    @ExceptionHandler(Exception.class)
    void answer(Exception failure, HttpServletRequest request, HttpServletResponse response) throws IOException {
        errors.write(request, response, failure);
    }

    /** These are for the security filters, which know whether to ask for credentials. */
    @ExceptionHandler({AccessDeniedException.class, AuthenticationException.class})
    void leaveToSecurity(RuntimeException refusal) {
        throw refusal;
    }
}
