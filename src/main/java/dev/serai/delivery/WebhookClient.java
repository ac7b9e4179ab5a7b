package dev.serai.delivery;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.Message;
import org.apache.hc.core5.http.nio.entity.DiscardingEntityConsumer;
import org.apache.hc.core5.http.nio.support.AsyncRequestBuilder;
import org.apache.hc.core5.http.nio.support.BasicResponseConsumer;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.Timeout;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Posts webhooks without waiting for their answers. It follows no redirect, keeps no cookie, uses no proxy, reads no more of an answer than
 * its status, and connects only where {@link TargetGuard} lets it.
 */
@Component
class WebhookClient implements DisposableBean {

    private final CloseableHttpAsyncClient http;
    private final Clock clock;
    private final Duration patience;

    WebhookClient(
            TargetGuard guard,
            Clock clock,
            @Value("${serai.deliveries.connect-timeout}") Duration connectTimeout,
            @Value("${serai.deliveries.response-timeout}") Duration responseTimeout,
            @Value("${serai.deliveries.per-store}") int perStore,
            @Value("${serai.deliveries.at-once}") int atOnce) {
        this.clock = clock;
        this.patience = connectTimeout.plus(responseTimeout);
        this.http = HttpAsyncClients.custom()
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setDnsResolver(guard)
                        .setMaxConnPerRoute(perStore)
                        .setMaxConnTotal(atOnce)
                        .setDefaultTlsConfig(TlsConfig.custom().setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_1).build())
                        .setDefaultConnectionConfig(ConnectionConfig.custom()
                                .setConnectTimeout(Timeout.of(connectTimeout))
                                .setSocketTimeout(Timeout.of(responseTimeout))
                                .setTimeToLive(Timeout.ofMinutes(1))
                                .build())
                        .build())
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectionRequestTimeout(Timeout.of(patience))
                        .setResponseTimeout(Timeout.of(responseTimeout))
                        .build())
                .setUserAgent("Serai-Webhooks/1.0")
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .build();
        http.start();
    }

    /** The longest that an attempt takes. */
    Duration patience() {
        return patience;
    }

    /** Completes with the verdict, never with an exception. */
    CompletableFuture<Verdict> post(URI endpoint, byte[] body, Map<String, String> headers) {
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        try {
            AsyncRequestBuilder request = AsyncRequestBuilder.post(endpoint).setEntity(body, ContentType.APPLICATION_JSON);
            headers.forEach(request::addHeader);
            Future<?> exchange = http.execute(
                    request.build(), new BasicResponseConsumer<>(new DiscardingEntityConsumer<>()), new Answered(verdict));
            // An answer that drips in byte by byte would keep any timeout between bytes happy. Only then: cancelling closes the connection,
            // also of an exchange that has just ended.
            Verdict late = Verdict.ofFault(new TimeoutException());
            verdict.completeOnTimeout(late, patience.toMillis(), TimeUnit.MILLISECONDS).thenAccept(done -> {
                if (done == late) {
                    exchange.cancel(true);
                }
            });
        } catch (RuntimeException e) {
            verdict.complete(Verdict.ofFault(e));
        }
        return verdict;
    }

    private final class Answered implements FutureCallback<Message<HttpResponse, Void>> {

        private final CompletableFuture<Verdict> verdict;

        Answered(CompletableFuture<Verdict> verdict) {
            this.verdict = verdict;
        }

        @Override
        public void completed(Message<HttpResponse, Void> answer) {
            Header retryAfter = answer.getHead().getFirstHeader("Retry-After");
            verdict.complete(Verdict.ofStatus(
                    answer.getHead().getCode(), retryAfter == null ? null : retryAfter.getValue(), clock.instant()));
        }

        @Override
        public void failed(Exception fault) {
            verdict.complete(Verdict.ofFault(fault));
        }

        @Override
        public void cancelled() {
            verdict.complete(Verdict.ofFault(new TimeoutException()));
        }
    }

    @Override
    public void destroy() {
        http.close(CloseMode.IMMEDIATE);
    }
}
