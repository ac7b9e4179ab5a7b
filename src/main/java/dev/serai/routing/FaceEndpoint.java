package dev.serai.routing;

import dev.serai.contract.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.AsyncProducer;
import org.springframework.util.ReflectionUtils;

/** One path of a face: knows which operation each HTTP method asks for. */
final class FaceEndpoint {

    static final Method SERVICE =
            ReflectionUtils.findMethod(FaceEndpoint.class, "service", HttpServletRequest.class, HttpServletResponse.class);

    private final FaceDispatch faces;
    private final Map<String, Way> ways = new HashMap<>();

    private record Way(Operation operation, AsyncProducer producer) {}

    FaceEndpoint(FaceDispatch faces, List<Operation> operations) {
        this.faces = faces;
        operations.forEach(operation -> ways.put(operation.method(), new Way(operation, faces.producer(operation))));
    }

    void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Spring lets HEAD through to whatever serves GET; the server leaves the body out.
        Way way = ways.get("HEAD".equals(request.getMethod()) ? "GET" : request.getMethod());
        faces.serve(way.operation(), way.producer(), request, response);
    }
}
