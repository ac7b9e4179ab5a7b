package dev.serai.live;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.serai.access.RateLimits;
import dev.serai.settings.SeraiProperties;
import dev.serai.web.FaceErrors;
import dev.serai.web.FilterOrder;
import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.ProducerTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts the live layer together and in front of the faces. */
@Configuration(proxyBeanMethods = false)
class LiveConfiguration {

    @Bean
    LiveCore liveCore(LiveSettings settings, MeterRegistry meters, RateLimits limits) {
        return new LiveCore(settings, new Topics(), new LiveMetrics(meters), limits, new Connections(settings),
                new Heartbeat(settings.pingInterval()));
    }

    @Bean
    Live live(LiveCore core) {
        return new Live(core);
    }

    @Bean
    EndedCredentials endedCredentials(LiveCore core) {
        return new EndedCredentials(core);
    }

    @Bean
    LiveFeeds liveFeeds(ProducerTemplate route) {
        return new LiveFeeds(route);
    }

    @Bean
    FilterRegistrationBean<LiveFilter> liveFilter(LiveCore core, LiveSettings settings, SeraiProperties hub, FaceErrors errors,
            ObjectMapper mapper, ObjectProvider<LiveEndpoint> endpoints, ObjectProvider<SocketIoFace> faces) {
        ObjectReader json = mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        Origins origins = new Origins(settings.origins(), hub.publicUrl());
        Upgrader upgrader = new Upgrader(settings);
        EngineServer engine = new EngineServer(core, faces.orderedStream().toList(), origins, upgrader, json);
        LiveFilter filter = new LiveFilter(core, endpoints.orderedStream().toList(), engine, origins, upgrader, errors, json);
        FilterRegistrationBean<LiveFilter> registration = new FilterRegistrationBean<>(filter);
        registration.setOrder(FilterOrder.LIVE);
        return registration;
    }
}
