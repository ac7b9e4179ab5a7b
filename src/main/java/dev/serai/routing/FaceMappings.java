package dev.serai.routing;

import dev.serai.contract.Contract;
import dev.serai.contract.Operation;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerAdapter;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/** The paths of the faces. All paths of a face change at once, so that no request falls between the contract before and the one after. */
final class FaceMappings extends RequestMappingHandlerMapping {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();
    private final FaceDispatch faces;

    FaceMappings(FaceDispatch faces) {
        this.faces = faces;
        setOrder(-2);
    }

    /** Takes one face's paths off and puts its new ones on, in one step for every request; either may be null. */
    void replace(Contract before, Contract after) {
        Map<String, List<Operation>> old = paths(before);
        Map<RequestMappingInfo, FaceEndpoint> endpoints = paths(after).entrySet().stream().collect(
                Collectors.toMap(path -> info(path.getKey(), path.getValue()), path -> new FaceEndpoint(faces, path.getValue())));
        lock.writeLock().lock();
        try {
            old.forEach((path, operations) -> unregisterMapping(info(path, operations)));
            endpoints.forEach((info, endpoint) -> registerMapping(info, endpoint, FaceEndpoint.SERVICE));
        } finally {
            lock.writeLock().unlock();
        }
    }

    @Override
    protected HandlerMethod getHandlerInternal(HttpServletRequest request) throws Exception {
        ServletRequestPathUtils.parseAndCache(request);
        lock.readLock().lock();
        try {
            return super.getHandlerInternal(request);
        } finally {
            lock.readLock().unlock();
        }
    }

    @Override
    protected boolean isHandler(Class<?> beanType) {
        return false;
    }

    private static Map<String, List<Operation>> paths(Contract contract) {
        return contract == null ? Map.of() : contract.operations().stream().collect(Collectors.groupingBy(Operation::path));
    }

    private RequestMappingInfo info(String path, List<Operation> operations) {
        RequestMethod[] methods = operations.stream().map(operation -> RequestMethod.valueOf(operation.method())).toArray(RequestMethod[]::new);
        return RequestMappingInfo.paths(path).methods(methods).options(getBuilderConfiguration()).build();
    }

    /** Calls an endpoint without what Spring does around methods of controllers: arguments, models, return values. */
    static final class Adapter implements HandlerAdapter, Ordered {

        @Override
        public boolean supports(Object handler) {
            return handler instanceof HandlerMethod method && method.getBean() instanceof FaceEndpoint;
        }

        @Override
        public ModelAndView handle(HttpServletRequest request, HttpServletResponse response, Object handler) throws IOException {
            ((FaceEndpoint) ((HandlerMethod) handler).getBean()).service(request, response);
            return null;
        }

        @Override
        @Deprecated
        public long getLastModified(HttpServletRequest request, Object handler) {
            return -1;
        }

        @Override
        public int getOrder() {
            return HIGHEST_PRECEDENCE;
        }
    }
}
