package dev.serai.connector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.record.Page;
import java.io.IOException;
import java.time.Instant;

/** Reads a source's answer: an array of records, or an object that has one, with what it says about the next page. */
final class PageParser {

    private static final JsonFactory JSON = new JsonFactory();

    private final Connector connector;

    PageParser(Connector connector) {
        this.connector = connector;
    }

    /**
     * A page as read.
     *
     * @param hasMore    as the source says, or null where it does not
     * @param nextCursor as the source says, or null
     * @param highest    the latest modified time on the page, or null
     */
    record Parsed(Page page, Boolean hasMore, String nextCursor, Instant highest) {}

    /** @throws MalformedPage with the reason and, where there is one, the byte */
    Parsed parse(byte[] body, Mapping mapping) {
        try (JsonParser parser = JSON.createParser(body)) {
            RecordReader records = new RecordReader(body, parser, mapping);
            Envelope envelope = new Envelope(parser, records);
            envelope.read();
            Page page = new Page(mapping.entityType(), records.changes(), records.refused());
            return new Parsed(page, envelope.hasMore, envelope.nextCursor, records.highest());
        } catch (JsonProcessingException e) {
            throw new MalformedPage("it is not valid JSON (" + e.getOriginalMessage() + position(e) + ")");
        } catch (IOException e) {
            throw new MalformedPage("it cannot be read (" + e.getMessage() + ")");
        }
    }

    private static String position(JsonProcessingException e) {
        return e.getLocation() == null || e.getLocation().getByteOffset() < 0 ? "" : " at byte " + e.getLocation().getByteOffset();
    }

    /** What is around the records. Paths are field names joined by dots. */
    private final class Envelope {

        private final JsonParser parser;
        private final RecordReader records;
        private boolean found;
        private Boolean hasMore;
        private String nextCursor;

        Envelope(JsonParser parser, RecordReader records) {
            this.parser = parser;
            this.records = records;
        }

        void read() throws IOException {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                readRecords();
            } else if (first == JsonToken.START_OBJECT) {
                readObject("");
            }
            if (!found) {
                throw new MalformedPage(first == null
                        ? "it is empty"
                        : "it is neither an array of records nor an object with an array \"" + connector.items() + "\"");
            }
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "unexpected content after the end");
            }
        }

        private void readObject(String path) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = path + parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(connector.items()) && value == JsonToken.START_ARRAY) {
                    readRecords();
                } else if (value == JsonToken.START_OBJECT && leadsOn(name)) {
                    readObject(name + ".");
                } else {
                    note(name, value);
                    parser.skipChildren();
                }
            }
        }

        private boolean leadsOn(String name) {
            String prefix = name + ".";
            return connector.items().startsWith(prefix)
                    || connector.hasMore().startsWith(prefix)
                    || connector.cursorField().startsWith(prefix);
        }

        private void note(String name, JsonToken value) throws IOException {
            if (name.equals(connector.hasMore()) && value.isBoolean()) {
                hasMore = value == JsonToken.VALUE_TRUE;
            } else if (name.equals(connector.cursorField()) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                nextCursor = parser.getText();
            }
        }

        private void readRecords() throws IOException {
            found = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == null) {
                    throw new JsonParseException(parser, "unexpected end of input");
                }
                records.read();
            }
        }
    }
}
