package dev.serai.routing;

import java.util.Map;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.support.service.BaseService;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/** Takes the paths of removed {@code platform-http} routes off: Camel leaves them on, leading to a consumer that has stopped. */
final class StoppedPaths {

    private final ObjectProvider<CamelRequestHandlerMapping> mapping;

    StoppedPaths(ObjectProvider<CamelRequestHandlerMapping> mapping) {
        this.mapping = mapping;
    }

    void drop() {
        mapping.ifAvailable(paths -> Map.copyOf(paths.getHandlerMethods()).forEach((path, handler) -> dropIfStopped(paths, path, handler)));
    }

    private static void dropIfStopped(CamelRequestHandlerMapping paths, RequestMappingInfo path, HandlerMethod handler) {
        if (handler.getBean() instanceof BaseService consumer && (consumer.isStopped() || consumer.isShutdown())) {
            paths.unregisterMapping(path);
        }
    }
}
