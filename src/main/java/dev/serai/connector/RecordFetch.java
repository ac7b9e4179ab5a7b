package dev.serai.connector;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.change.Change;
import dev.serai.change.RecordKey;
import dev.serai.journal.Ledger;
import dev.serai.lineage.Holds;
import dev.serai.record.Page;
import dev.serai.record.Pipeline;
import dev.serai.web.ApiException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.util.UriComponentsBuilder;

/** Fetches one record by its key from the source of its entity's name, and applies it: a parent that children wait for. */
@Component
public class RecordFetch {

    private final Connectors connectors;
    private final PageFetcher fetcher;
    private final Pipeline pipeline;
    private final Holds holds;
    private final Ledger ledger;
    private final ObjectMapper json;
    private final Clock clock;
    private final int maxBytes;

    RecordFetch(
            Connectors connectors,
            PageFetcher fetcher,
            Pipeline pipeline,
            Holds holds,
            Ledger ledger,
            ObjectMapper json,
            Clock clock,
            @Value("${serai.connectors.max-page-bytes}") int maxBytes) {
        this.connectors = connectors;
        this.fetcher = fetcher;
        this.pipeline = pipeline;
        this.holds = holds;
        this.ledger = ledger;
        this.json = json;
        this.clock = clock;
        this.maxBytes = maxBytes;
    }

    /** Whether the connector of this name tells where one record is, and which fields make its key. */
    public boolean isPossible(String slug) {
        return connectors.slugs().contains(slug) && connectors.findUsable(slug).filter(RecordFetch::tells).isPresent();
    }

    private static boolean tells(Connector connector) {
        return !connector.record().isEmpty() && !connector.keyFields().isEmpty();
    }

    /**
     * Fetches a record and applies it, with what waits for it.
     *
     * @return whether the record is there now; false where it waits for a parent of its own
     * @throws ApiException where the source has no such record, or does not give it
     */
    public boolean fetch(RecordKey key) {
        Connector connector = connectors.find(key.entityType()).filter(RecordFetch::tells).orElseThrow(() -> ApiException.badRequest(
                "The connector " + key.entityType() + " does not tell where one record is: give it the parameter record."));
        Change change = record(connector, key, answer(connector, key));
        pipeline.accept(new Page(key.entityType(), List.of(change), List.of()), inside -> ledger.write(inside.lines()));
        return !holds.present(List.of(key)).isEmpty();
    }

    private byte[] answer(Connector connector, RecordKey key) {
        byte[][] answer = new byte[1][];
        try {
            fetcher.fetch(connector, address(connector, key), (body, link) -> answer[0] = body.readNBytes(maxBytes));
            return answer[0];
        } catch (SourceFailed e) {
            throw e.status() == 404
                    ? ApiException.notFound("The source of " + key.entityType() + " has no record " + key.key() + " either: nothing was changed.")
                    : ApiException.of(502, "The record " + key.key() + " of " + key.entityType() + " was not fetched: " + e.getMessage() + ".");
        }
    }

    /** The path, with the key in it, on the source's own server. */
    private static URI address(Connector connector, RecordKey key) {
        String path = UriComponentsBuilder.fromUriString(connector.record()).encode().buildAndExpand(key.key()).toUriString();
        return URI.create(connector.url()).resolve(path);
    }

    /** The answer may be the record, or what a page is: then the record is looked for in it. */
    private Change record(Connector connector, RecordKey key, byte[] answer) {
        Mapping mapping = new Mapping(
                connector.slug(), null, null, key.entityType(), connector.keyFields(), connector.modifiedField(), connector.parent(),
                clock.instant());
        try {
            Page page = new PageParser(connector, maxBytes).parse(asPage(connector, answer), mapping).last().page();
            return page.changes().stream().filter(change -> change.key().equals(key.key())).findFirst().orElseThrow(() -> ApiException.of(
                    502, "The source answered, but not with the record " + key.key() + " of " + key.entityType() + "."));
        } catch (MalformedPage | IOException e) {
            throw ApiException.of(502, "The source's answer for the record " + key.key() + " cannot be used: " + e.getMessage() + ".");
        }
    }

    private byte[] asPage(Connector connector, byte[] answer) throws IOException {
        try {
            JsonNode tree = json.readTree(answer);
            boolean isPage = tree.isArray() || tree.at("/" + connector.items().replace('.', '/')).isArray();
            return isPage ? answer : ("[" + new String(answer, StandardCharsets.UTF_8) + "]").getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException e) {
            throw new MalformedPage("it is not valid JSON");
        }
    }
}
