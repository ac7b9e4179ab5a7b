package dev.serai.connector;

import dev.serai.change.Change;
import dev.serai.change.Failure;
import dev.serai.record.Page.Refused;
import dev.serai.run.Run;
import dev.serai.run.Runs;
import dev.serai.run.SyncRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/** Reads a record again that was refused, as its run would read it today: a connector's file may have been mended since. */
@Component
public class Remapping {

    private final Runs runs;
    private final Connectors connectors;

    Remapping(Runs runs, Connectors connectors) {
        this.runs = runs;
        this.connectors = connectors;
    }

    /** Either the change that the record is, or why it is still none. */
    public record Reading(Optional<Change> change, Failure failure) {

        public void accept(Consumer<Change> wellFormed, Consumer<Failure> refused) {
            change.ifPresentOrElse(wellFormed, () -> refused.accept(failure));
        }
    }

    public Reading read(Change refused) {
        Optional<Run> run = refused.runId() == null ? Optional.empty() : runs.find(refused.runId());
        if (run.isEmpty()) {
            return new Reading(Optional.empty(), unreadable(refused));
        }
        SyncRequest request = run.get().request();
        // Where its file is wrong at the moment, the run's own keys are as good as any.
        List<String> declared = connectors.findUsable(request.connector()).map(Connector::keyFields).orElse(List.of());
        Mapping mapping = new Mapping(
                refused.source(),
                refused.storeId(),
                refused.runId(),
                refused.entityType(),
                declared.isEmpty() ? request.keyFields() : declared,
                request.modifiedField(),
                request.parent(),
                refused.modifiedAt());
        Connector plain = Connector.of(request.connector(), Map.of());
        byte[] body = ("[" + refused.payload() + "]").getBytes(StandardCharsets.UTF_8);
        var page = new PageParser(plain, Integer.MAX_VALUE).parse(body, mapping).last().page();
        Optional<Change> change = page.changes().stream().findFirst();
        return new Reading(change, page.refused().stream().findFirst().map(Refused::failure).orElse(null));
    }

    private static Failure unreadable(Change refused) {
        return refused.key() == null
                ? Failure.invalid("MISSING_KEY", "The record has no key, and its run is no longer known")
                : Failure.invalid("NOT_READABLE", "The record was refused, and its run, which says how to read it, is no longer known");
    }
}
