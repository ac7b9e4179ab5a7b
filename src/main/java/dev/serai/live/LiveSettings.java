package dev.serai.live;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The bounds of live connections.
 *
 * @param maxFrame               largest frame or polling body that a client may send
 * @param buffer                 bytes that wait for one client at most; who falls behind further is closed
 * @param bufferFrames           the same in frames
 * @param messagesPerMinute      that one client may send
 * @param connectionsPerClient   at once, by credentials and device, or by address and device
 * @param connectionsPerAddress  at once from one address, whoever they are
 * @param maxConnections         at once on this hub
 * @param pingInterval           how often a silent client is asked whether it is there
 * @param pingTimeout            how long it may take to answer
 * @param gather                 how long a message waits at most for the next, where they come that close together; after a silence it does not wait
 * @param closeGrace             how long a client that is closed has to read the reason
 * @param origins                web origins besides the hub's own whose pages may connect; {@code *} for all
 */
@Validated
@ConfigurationProperties("serai.live")
public record LiveSettings(
        @NotNull @DefaultValue("64KB") DataSize maxFrame,
        @NotNull @DefaultValue("1MB") DataSize buffer,
        @Min(1) @DefaultValue("1000") int bufferFrames,
        @Min(1) @DefaultValue("1000") int messagesPerMinute,
        @Min(1) @DefaultValue("50") int connectionsPerClient,
        @Min(1) @DefaultValue("1000") int connectionsPerAddress,
        @Min(1) @Max(1_000_000) @DefaultValue("10000") int maxConnections,
        @NotNull @DefaultValue("25s") Duration pingInterval,
        @NotNull @DefaultValue("20s") Duration pingTimeout,
        @NotNull @DefaultValue("11ms") Duration gather,
        @NotNull @DefaultValue("10s") Duration closeGrace,
        @DefaultValue List<String> origins) {
}
