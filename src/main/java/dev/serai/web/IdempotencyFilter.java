package dev.serai.web;

import dev.serai.web.KeptAnswers.First;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Answers a mutation that is repeated under the same Idempotency-Key with its first answer. The answer is kept before the
 * caller gets it, so that whoever has it and repeats is never told that the call is still running.
 */
final class IdempotencyFilter extends OncePerRequestFilter {

    static final String HEADER = "Idempotency-Key";

    private static final String CALL = IdempotencyFilter.class.getName();

    private final KeptAnswers answers;
    private final FaceErrors errors;

    IdempotencyFilter(KeptAnswers answers, FaceErrors errors) {
        this.answers = answers;
        this.errors = errors;
    }

    /** A push is recognised where it is accepted, by the same statement: two more commits would be the larger part of its cost. */
    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HEADER) == null || !Mutations.isMutation(request) || request.getRequestURI().equals("/sync/push");
    }

    /** Camel's answers are complete in a later dispatch. */
    @Override
    protected boolean shouldNotFilterAsyncDispatch() {
        return false;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (request.getAttribute(CALL) instanceof Call call) {
            proceed(call, request, response, chain);
            return;
        }
        String key = request.getHeader(HEADER);
        if (!key.matches("[\\x21-\\x7e]{1,255}")) {
            errors.write(request, response, ApiException.badRequest(HEADER + " must have 1 to 255 visible ASCII characters."));
            return;
        }
        byte[] body = request.getInputStream().readAllBytes();
        IdempotentRequest repeated = IdempotentRequest.of(request, key, body);
        Optional<KeptAnswers.Claim> claim = answers.claim(repeated.scope(), repeated.fingerprint());
        if (claim.isEmpty()) {
            answerAgain(repeated, request, response);
            return;
        }
        Call call = new Call(repeated, claim.get(), new ContentCachingResponseWrapper(response));
        request.setAttribute(CALL, call);
        proceed(call, new BufferedBodyRequest(request, body), call.answer(), chain);
    }

    private void proceed(Call call, HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        boolean failed = true;
        KeyedCall.enter(new KeyedCall(answers, call.request(), call.claim()));
        try {
            chain.doFilter(request, response);
            failed = false;
        } finally {
            KeyedCall.leave();
            if (failed) {
                answers.release(call.request().scope(), call.claim().id());
            }
        }
        if (isAsyncStarted(request)) {
            request.getAsyncContext().addListener(new EndOfCall(answers, call.claim().id()));
        } else {
            finish(call);
        }
    }

    private void finish(Call call) throws IOException {
        ContentCachingResponseWrapper answer = call.answer();
        // What sendError answers is written after this filter, so that there is nothing to keep.
        if (isLasting(answer.getStatus()) && !answer.isCommitted()) {
            byte[] sealed = call.request().seal().seal(answer.getContentAsByteArray());
            answers.keep(call.request().scope(), call.claim().id(), new First(answer.getStatus(), answer.getContentType(),
                    answer.getHeader(HttpHeaders.LOCATION), answer.getHeader(HttpHeaders.RETRY_AFTER), sealed));
        } else {
            answers.release(call.request().scope(), call.claim().id());
        }
        answer.copyBodyToResponse();
    }

    /** Refusals for the moment's sake would be wrong when they are repeated later. */
    private static boolean isLasting(int status) {
        return status < 500 && status != 429 && status != 401 && status != 403;
    }

    private void answerAgain(IdempotentRequest repeated, HttpServletRequest request, HttpServletResponse response) throws IOException {
        KeptAnswers.Kept kept = answers.find(repeated.scope()).orElse(null);
        if (kept != null && !MessageDigest.isEqual(kept.requestHash(), repeated.fingerprint())) {
            errors.write(request, response,
                    ApiException.of(422, "This " + HEADER + " was used with another body. Use a new key for a new request."));
        } else if (kept == null || kept.isRunning()) {
            errors.write(request, response,
                    ApiException.conflict("A request with this " + HEADER + " is still running. Repeat it in a moment."));
        } else {
            replay(kept.answer(), repeated, request, response);
        }
    }

    private void replay(First first, IdempotentRequest repeated, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        byte[] body = repeated.seal().open(first.sealedBody()).orElse(null);
        if (body == null) {
            errors.write(request, response, ApiException.conflict("This " + HEADER + " was used with other credentials."));
            return;
        }
        response.setStatus(first.status());
        response.setHeader("Idempotency-Replayed", "true");
        setIfKnown(response, HttpHeaders.CONTENT_TYPE, first.contentType());
        setIfKnown(response, HttpHeaders.LOCATION, first.location());
        setIfKnown(response, HttpHeaders.RETRY_AFTER, first.retryAfter());
        response.getOutputStream().write(body);
    }

    private static void setIfKnown(HttpServletResponse response, String header, String value) {
        if (value != null) {
            response.setHeader(header, value);
        }
    }

    private record Call(IdempotentRequest request, KeptAnswers.Claim claim, ContentCachingResponseWrapper answer) {}
}
