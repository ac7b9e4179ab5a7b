package dev.serai.routing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.contract.Contract;
import dev.serai.contract.Operation;
import io.swagger.v3.oas.models.OpenAPI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.component.platform.http.spi.PlatformHttpConsumerAware;
import org.apache.camel.component.rest.openapi.RestOpenapiProcessorStrategy;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.apache.camel.support.ResourceResolverSupport;
import org.apache.camel.support.cache.DefaultProducerCache;
import org.apache.camel.support.processor.RestBindingAdvice;
import org.apache.camel.support.service.ServiceHelper;

/**
 * Leads a request from a face's REST consumer to the route of its operation.
 *
 * <p>Stands in for Camel's own strategy, which all faces share and which stops for all of them when one face's consumer stops.
 * It also hands contracts to Camel from memory ({@code contract:<key>}), so that what was checked is what is served.
 */
final class FaceDispatch extends ResourceResolverSupport implements RestOpenapiProcessorStrategy {

    private static final String SCHEME = "contract";
    /** Camel takes an address without a known ending for an operation's name. */
    private static final String ENDING = ".json";
    static final String OPERATION = "x-serai-operation";
    private static final String KEY = "x-serai-key";

    private final CamelContext context;
    private final AtomicLong generations = new AtomicLong();
    private final Map<String, Contract> staged = new ConcurrentHashMap<>();
    private final Map<String, List<FaceMappings.Endpoint>> endpoints = new ConcurrentHashMap<>();
    private final DefaultProducerCache producers;

    FaceDispatch(CamelContext context) {
        super(SCHEME);
        this.context = context;
        this.producers = new DefaultProducerCache(this, context, 1000);
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(producers);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(producers);
        super.doStop();
    }

    /** Makes a contract known to Camel under a key that no endpoint has had before. */
    String stage(Contract contract) {
        String key = contract.face() + "-" + generations.incrementAndGet();
        staged.put(key, contract);
        return key;
    }

    /** The address under which Camel finds a staged contract. */
    static String specification(String key) {
        return SCHEME + ":" + key + ENDING;
    }

    void unstage(String key) {
        staged.remove(key);
        endpoints.remove(key);
    }

    /** The HTTP endpoints that the consumer of this key has asked for. */
    List<FaceMappings.Endpoint> endpoints(String key) {
        return endpoints.getOrDefault(key, List.of());
    }

    @Override
    protected Resource createResource(String location, String remaining) {
        String key = remaining.substring(0, remaining.length() - ENDING.length());
        Contract contract = staged.get(key);
        if (contract == null) {
            throw new IllegalArgumentException("No contract is staged as " + key);
        }
        ObjectNode document = contract.document().deepCopy();
        document.put(KEY, key);
        return ResourceHelper.fromString(location, document.toString());
    }

    @Override
    public void validateOpenApi(OpenAPI openAPI, String basePath, PlatformHttpConsumerAware consumer) {
        String key = String.valueOf(openAPI.getExtensions().get(KEY));
        Contract contract = staged.get(key);
        List<FaceMappings.Endpoint> wanted = new ArrayList<>();
        openAPI.getPaths().forEach((path, item) -> {
            item.readOperations().forEach(operation -> operation.addExtension(OPERATION, contract.operation(operation.getOperationId())));
            List<String> methods = item.readOperationsMap().keySet().stream().map(Enum::name).toList();
            wanted.add(new FaceMappings.Endpoint("/".equals(basePath) ? path : basePath + path, methods, consumer.getPlatformHttpConsumer()));
        });
        endpoints.put(key, wanted);
    }

    @Override
    public boolean process(OpenAPI openAPI, io.swagger.v3.oas.models.Operation operation, String verb, String path,
            RestBindingAdvice binding, Exchange exchange, AsyncCallback callback) {
        exchange.setProperty(OPERATION, operation.getExtensions().get(OPERATION));
        Map<String, Object> state;
        try {
            state = binding.before(exchange);
        } catch (Exception e) {
            return fail(exchange, e, callback);
        }
        if (exchange.isRouteStop()) {
            callback.done(true);
            return true;
        }
        Endpoint route = context.getEndpoint("direct:" + operation.getOperationId());
        AsyncProducer producer = producers.acquireProducer(route);
        return producer.process(exchange, doneSync -> {
            producers.releaseProducer(route, producer);
            try {
                binding.after(exchange, state);
            } catch (Exception e) {
                exchange.setException(e);
            }
            callback.done(doneSync);
        });
    }

    @Override
    public boolean processApiSpecification(String specificationUri, Exchange exchange, AsyncCallback callback) {
        return fail(exchange, new UnsupportedOperationException("Contracts are served at /api/v1/openapi"), callback);
    }

    @Override
    public void setMissingOperation(String missingOperation) {
        // A contract with an operation that has no route is refused when it is loaded; Camel's modes are not offered.
    }

    @Override
    public String getMissingOperation() {
        return "ignore";
    }

    @Override
    public void setMockIncludePattern(String mockIncludePattern) {
        // Serai serves no mock answers.
    }

    @Override
    public String getMockIncludePattern() {
        return null;
    }

    static Operation operation(Exchange exchange) {
        return exchange.getProperty(OPERATION, Operation.class);
    }

    private static boolean fail(Exchange exchange, Exception failure, AsyncCallback callback) {
        exchange.setException(failure);
        callback.done(true);
        return true;
    }
}
