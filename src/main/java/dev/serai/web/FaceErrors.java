package dev.serai.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;

/** The one place where an error becomes an answer, in the shape of the face whose path was called. */
@Component("faceErrors")
public class FaceErrors {

    private final ObjectMapper json;
    private final Refusals refusals;

    FaceErrors(ObjectMapper json, Refusals refusals) {
        this.json = json;
        this.refusals = refusals;
    }

    /**
     * Renders anything thrown. What is no {@link ApiException} and no known HTTP fault becomes a 500 (503 where the database
     * is away) that tells the caller nothing but a reference; the exception goes to the log under the same reference.
     *
     * @param path the path that was called, decoded
     */
    public FaceError render(String path, Throwable failure) {
        ApiException refusal = refusals.of(failure);
        // A path that was refused for an empty segment is yet of a face.
        Face face = Face.of(path.replaceAll("/{2,}", "/"));
        return new FaceError(refusal.status(), refusal.headers(), text(body(face, refusal)));
    }

    /** The same, written as the answer. Does nothing where an answer is already on its way. */
    public void write(HttpServletRequest request, HttpServletResponse response, Throwable failure) throws IOException {
        UnreadBody.finish(request, response);
        write(RequestPath.decoded(RequestPath.of(request)), response, failure);
    }

    void write(String path, HttpServletResponse response, Throwable failure) throws IOException {
        FaceError error = render(path, failure);
        if (response.isCommitted()) {
            return;
        }
        response.resetBuffer();
        response.setStatus(error.status());
        error.headers().forEach(response::setHeader);
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        byte[] body = error.json().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private static Map<String, Object> body(Face face, ApiException refusal) {
        if (!face.hasErrorCodes()) {
            boolean listed = refusal.details() instanceof List<?> problems && !problems.isEmpty();
            return Map.of("detail", listed ? refusal.details() : refusal.getMessage());
        }
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", refusal.code());
        error.put("message", refusal.getMessage());
        error.put("details", refusal.details() == null ? Map.of() : refusal.details());
        return Map.of("error", error);
    }

    private String text(Map<String, Object> body) {
        try {
            return json.writeValueAsString(body);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("The details of an error could not be written as JSON", e);
        }
    }
}
