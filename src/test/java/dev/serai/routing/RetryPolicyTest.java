package dev.serai.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {

    private final RetryPolicy policy = new RetryPolicy(Clock.fixed(Instant.parse("2025-12-08T10:00:00Z"), ZoneOffset.UTC));
    private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());

    @ParameterizedTest
    @CsvSource({"429,false", "500,false", "503,false", "400,true", "404,true", "409,true", "301,true"})
    void onlyAnswersThatMayChangeAreTriedAgain(int status, boolean permanent) {
        after(answer(status, Map.of()));

        assertThat(exchange.getExchangeExtension().isRedeliveryExhausted()).isEqualTo(permanent);
    }

    @Test
    void connectionFaultsAreTriedAgainAndAMalformedAddressIsNot() {
        after(new ConnectException("refused"));
        assertThat(exchange.getExchangeExtension().isRedeliveryExhausted()).isFalse();

        after(new IOException("bad", new MalformedURLException("x")));
        assertThat(exchange.getExchangeExtension().isRedeliveryExhausted()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"7 | 7000", "Mon, 08 Dec 2025 10:00:30 GMT | 30000", "Mon, 08 Dec 2025 09:00:00 GMT | 0",
        "999999999 | 300000", "soon |"})
    void retryAfterBeatsThePolicysOwnDelayWithinBounds(String header, Long delay) {
        after(answer(503, Map.of("retry-after", header)));

        assertThat(exchange.getIn().getHeader(Exchange.REDELIVERY_DELAY)).isEqualTo(delay);
    }

    private void after(Exception failure) {
        exchange.setProperty(Exchange.EXCEPTION_CAUGHT, failure);
        policy.process(exchange);
    }

    private static HttpOperationFailedException answer(int status, Map<String, String> headers) {
        return new HttpOperationFailedException("http://x", status, "", null, headers, "");
    }
}
