package dev.serai.routing;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Method;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.springframework.util.ReflectionUtils;

/**
 * Serves a face's requests on the threads that they come in on. Camel's own way hands each one to a pool of threads and comes back by a
 * second dispatch through all filters.
 */
record FaceEndpoint(SpringBootPlatformHttpConsumer consumer) {

    static final Method SERVICE =
            ReflectionUtils.findMethod(FaceEndpoint.class, "service", HttpServletRequest.class, HttpServletResponse.class);

    void service(HttpServletRequest request, HttpServletResponse response) {
        consumer.service(request, response).join();
    }
}
