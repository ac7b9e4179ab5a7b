package dev.serai.web;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Bounds of every face.
 *
 * @param maxBodySize what a request's body may have at most
 * @param idempotency how repeated calls are answered
 */
@ConfigurationProperties("serai.http")
record HttpSettings(@DefaultValue("10MB") DataSize maxBodySize, @DefaultValue Idempotency idempotency) {

    HttpSettings {
        if (maxBodySize.toBytes() < 1 || maxBodySize.toGigabytes() >= 1) {
            throw new IllegalArgumentException("serai.http.max-body-size must be from 1B to 1023MB, not " + maxBodySize);
        }
    }

    /**
     * @param keep how long an answer is kept
     * @param claim for how long a call that has not answered keeps others of the same key away; it is renewed while the call
     *     runs, so that this is how long a crash blocks a key
     */
    record Idempotency(@DefaultValue("24h") Duration keep, @DefaultValue("60s") Duration claim) {}
}
