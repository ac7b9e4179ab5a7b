package dev.serai.pos;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.validation.annotation.Validated;

/**
 * How terminals sync.
 *
 * @param syncEnabled  whether orders are sent at all; a terminal's own setting can only switch it off
 * @param terminalId   whose orders those are that name no terminal, and who is meant where a caller names none
 * @param syncInterval how often a terminal's orders are sent by themselves; a bare number is minutes
 * @param terminals    terminals with settings of their own, by id
 * @param cloudUrl     where orders are sent; empty: the demo receiver, where there is one
 * @param cloudToken   sent there as {@code Authorization: Bearer}; empty: nothing is sent
 * @param batch        most orders a request
 * @param retries      what happens to orders that could not be sent
 * @param recent       how long a synced order counts as recently synced
 */
@Validated
@ConfigurationProperties("serai.pos")
public record PosSettings(
        @DefaultValue("true") boolean syncEnabled,
        @NotBlank @DefaultValue("POS-001") String terminalId,
        @NotNull @DurationMin(seconds = 1) @DurationUnit(ChronoUnit.MINUTES) @DefaultValue("10") Duration syncInterval,
        @DefaultValue Map<String, @Valid Terminal> terminals,
        @DefaultValue("") String cloudUrl,
        @DefaultValue("") String cloudToken,
        @Min(1) @Max(10_000) @DefaultValue("100") int batch,
        @Valid @DefaultValue Retries retries,
        @DefaultValue("24h") Duration recent) {

    /**
     * A terminal's own settings.
     *
     * @param syncEnabled  whether its orders are sent
     * @param syncInterval as above; null: as often as those of other terminals
     */
    public record Terminal(
            @DefaultValue("true") boolean syncEnabled, @DurationMin(seconds = 1) @DurationUnit(ChronoUnit.MINUTES) Duration syncInterval) {}

    /** The first delay is doubled for each further retry. */
    public record Retries(
            @Min(0) @Max(5) @DefaultValue("5") int max,
            @NotNull @DurationMin(millis = 1) @DefaultValue("5s") Duration firstDelay,
            @NotNull @DurationMin(millis = 1) @DefaultValue("80s") Duration maxDelay) {}

    Duration intervalOf(String terminalId) {
        Terminal own = terminals.get(terminalId);
        return own == null || own.syncInterval() == null ? syncInterval : own.syncInterval();
    }

    boolean isEnabled(String terminalId) {
        Terminal own = terminals.get(terminalId);
        return syncEnabled && (own == null || own.syncEnabled());
    }

    /** The terminals whose orders are not sent although those of others are. */
    Set<String> switchedOff() {
        return terminals.entrySet().stream().filter(own -> !own.getValue().syncEnabled()).map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "PosSettings[syncEnabled=" + syncEnabled + ", terminalId=" + terminalId + ", syncInterval=" + syncInterval + "]";
    }
}
