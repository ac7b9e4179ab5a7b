package dev.serai.routing;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.camel.Consumer;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpConsumer;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * The paths of the faces. All paths of a face change at once, so that no request falls between the consumer before and the one after;
 * Camel's own mapping takes each path off before it puts it on, and never takes one off for good.
 */
final class FaceMappings extends RequestMappingHandlerMapping {

    private final ReadWriteLock lock = new ReentrantReadWriteLock();

    /** One path, the methods served on it, and the consumer that serves them. */
    record Endpoint(String path, List<String> methods, Consumer consumer) {
    }

    FaceMappings() {
        setOrder(-2);
    }

    /** Takes one face's paths off and puts its new ones on, in one step for every request. */
    void replace(List<Endpoint> before, List<Endpoint> after) {
        lock.writeLock().lock();
        try {
            infos(before).forEach(entry -> unregisterMapping(entry.info()));
            infos(after).forEach(entry -> registerMapping(entry.info(), entry.endpoint(), FaceEndpoint.SERVICE));
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

    private List<Entry> infos(List<Endpoint> endpoints) {
        List<Entry> entries = new ArrayList<>();
        for (Endpoint endpoint : endpoints) {
            RequestMethod[] methods = endpoint.methods().stream().map(RequestMethod::valueOf).toArray(RequestMethod[]::new);
            RequestMappingInfo info = RequestMappingInfo.paths(endpoint.path()).methods(methods).options(getBuilderConfiguration()).build();
            entries.add(new Entry(info, new FaceEndpoint((SpringBootPlatformHttpConsumer) endpoint.consumer())));
        }
        return entries;
    }

    private record Entry(RequestMappingInfo info, FaceEndpoint endpoint) {
    }
}
