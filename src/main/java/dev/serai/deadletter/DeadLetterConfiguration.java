package dev.serai.deadletter;

import java.time.Duration;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

    @Bean
    RetryPolicy recordRetries(
            @Value("${serai.retries.max}") int max,
            @Value("${serai.retries.first-delay}") Duration first,
            @Value("${serai.retries.max-delay}") Duration longest) {
        return RetryPolicy.maxRetries(max).withBackoff(first, longest);
    }
}
