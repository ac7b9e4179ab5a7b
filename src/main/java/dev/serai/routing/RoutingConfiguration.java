package dev.serai.routing;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.connector.PageFetcher;
import dev.serai.contract.Contracts;
import dev.serai.database.DatabaseMode;
import dev.serai.schedule.Flows;
import dev.serai.web.FaceErrors;
import java.net.InetAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.platform.http.spi.PlatformHttpEngine;
import org.apache.camel.component.platform.http.springboot.CamelRequestHandlerMapping;
import org.apache.camel.component.platform.http.springboot.SpringBootPlatformHttpEngine;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jmx.export.MBeanExporter;
import org.springframework.jmx.support.RegistrationPolicy;

/** Wires the route files to Camel. The bean names are those that route files may use. */
@Configuration(proxyBeanMethods = false)
class RoutingConfiguration {

    @Bean
    FaceDispatch faceDispatch(CamelContext context, FaceErrors errors) {
        return new FaceDispatch(context, errors);
    }

    /** Runs each exchange of a {@code platform-http} route on the thread of its request. */
    @Bean("platform-http-engine")
    PlatformHttpEngine platformHttpEngine(@Value("${server.port}") int port) {
        return new SpringBootPlatformHttpEngine(port, Runnable::run);
    }

    @Bean
    FaceMappings faceMappings(FaceDispatch faces) {
        return new FaceMappings(faces);
    }

    @Bean
    FaceMappings.Adapter faceAdapter() {
        return new FaceMappings.Adapter();
    }

    @Bean("answer")
    AnswerWriter answer(ObjectMapper json) {
        return new AnswerWriter(json);
    }

    @Bean("faceFailure")
    FaceFailure faceFailure(FaceErrors errors) {
        return new FaceFailure(errors);
    }

    @Bean("flowFailure")
    FlowFailure flowFailure(ObjectProvider<FailedStep.Sink> sink) {
        return new FlowFailure(sink);
    }

    @Bean("retryPolicy")
    Processor retryPolicy(Clock clock) {
        return new RetryPolicy(clock);
    }

    @Bean("sourceRetries")
    Processor sourceRetries(Clock clock) {
        Processor policy = new RetryPolicy(clock);
        return exchange -> {
            policy.process(exchange);
            PageFetcher.tellFailedTry(exchange);
        };
    }

    @Bean("noHiddenRetries")
    HttpClientConfigurer noHiddenRetries() {
        return new NoHiddenRetries();
    }

    @Bean
    Flows flows(ProducerTemplate camel) {
        return new RouteFlows(camel);
    }

    @Bean
    RouteFiles routeFiles(CamelContext context, FaceMappings mappings, Contracts contracts, Clock clock,
            ObjectProvider<CamelRequestHandlerMapping> camelMapping) {
        LiveRoutes live = new LiveRoutes(new UnitInstaller(context), mappings, new StoppedPaths(camelMapping), contracts);
        return new RouteFiles(new TrialContext(context), live, clock);
    }

    @Bean
    RouteWatcher routeWatcher(CamelContext context, RouteFiles files,
            @Value("${serai.routing.patterns}") List<String> patterns, @Value("${serai.routing.demo-patterns}") List<String> demoPatterns,
            @Value("${serai.demo}") boolean demo, @Value("${serai.db.url}") String databaseUrl,
            @Value("${server.address:0.0.0.0}") InetAddress address) {
        List<String> watched = new ArrayList<>(patterns);
        if (demo || DatabaseMode.of(databaseUrl) == DatabaseMode.EMBEDDED && address.isLoopbackAddress()) {
            watched.addAll(demoPatterns);
        }
        return new RouteWatcher(context, patterns, new SettledFiles(watched), files);
    }

    @Bean
    MBeanExporter routeReloadExporter(RouteFiles files) {
        MBeanExporter exporter = new MBeanExporter();
        exporter.setBeans(Map.of("dev.serai:type=RouteReload", new RouteReload(files)));
        exporter.setAutodetect(false);
        // Tests run several hubs in one JVM, one after the other.
        exporter.setRegistrationPolicy(RegistrationPolicy.REPLACE_EXISTING);
        return exporter;
    }
}
