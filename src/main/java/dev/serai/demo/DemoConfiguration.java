package dev.serai.demo;

import dev.serai.access.PathRule;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DemoConfiguration {

    /** The data is invented, and where the demo is off nothing answers here. */
    @Bean
    PathRule demoSourceIsOpen() {
        return PathRule.open("/demo/**");
    }
}
