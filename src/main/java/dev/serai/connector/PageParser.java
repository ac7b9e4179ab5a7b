package dev.serai.connector;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Reads a source's answer: an array of records, or an object that has one, with what it says about the next page. */
final class PageParser {

    private static final JsonFactory JSON = new JsonFactory();

    private final Connector connector;
    private final int maxPageBytes;

    PageParser(Connector connector, int maxPageBytes) {
        this.connector = connector;
        this.maxPageBytes = maxPageBytes;
    }

    /** Takes the records of an answer that is longer than a page while the rest of it is still to come. */
    interface Pages {

        /** Records that the next page may have. */
        int room();

        /** A page that is full, after which there is at least one record more. */
        void full(ReadRecords page) throws IOException;
    }

    /**
     * The end of an answer.
     *
     * @param last       the last page, or the only one
     * @param records    how many the whole answer had
     * @param hasMore    as the source says, or null where it does not
     * @param nextCursor as the source says, or null
     */
    record Parsed(ReadRecords last, long records, Boolean hasMore, String nextCursor) {}

    /**
     * Reads an answer while it comes.
     *
     * @throws MalformedPage with the reason and, where there is one, the byte
     * @throws IOException   where the answer breaks off; another try may help
     */
    Parsed parse(InputStream answer, Mapping mapping, Pages pages) throws IOException {
        RecordedStream recorded = new RecordedStream(answer, maxPageBytes);
        try (JsonParser parser = JSON.createParser(recorded)) {
            RecordReader records = new RecordReader(recorded, parser, mapping);
            Envelope envelope = new Envelope(parser, recorded, records, pages);
            envelope.read();
            ReadRecords last = records.take();
            return new Parsed(last, envelope.handedOn + last.page().size(), envelope.hasMore, envelope.nextCursor);
        } catch (JsonProcessingException e) {
            throw new MalformedPage("it is not valid JSON (" + e.getOriginalMessage() + position(e) + ")");
        }
    }

    /** Reads an answer that is in memory, as one page. */
    Parsed parse(byte[] answer, Mapping mapping) {
        try {
            return parse(new ByteArrayInputStream(answer), mapping, WHOLE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final Pages WHOLE = new Pages() {
        @Override
        public int room() {
            return Integer.MAX_VALUE;
        }

        @Override
        public void full(ReadRecords page) {
            throw new MalformedPage("it is too long");
        }
    };

    private static String position(JsonProcessingException e) {
        return e.getLocation() == null || e.getLocation().getByteOffset() < 0 ? "" : " at byte " + e.getLocation().getByteOffset();
    }

    /** What is around the records. Paths are field names joined by dots. */
    private final class Envelope {

        private final JsonParser parser;
        private final RecordedStream answer;
        private final RecordReader records;
        private final Pages pages;
        private long handedOn;
        private boolean found;
        private Boolean hasMore;
        private String nextCursor;

        Envelope(JsonParser parser, RecordedStream answer, RecordReader records, Pages pages) {
            this.parser = parser;
            this.answer = answer;
            this.records = records;
            this.pages = pages;
        }

        void read() throws IOException {
            JsonToken first = parser.nextToken();
            if (first != null && parser.currentTokenLocation().getByteOffset() < 0) {
                throw new MalformedPage("it is not UTF-8");
            }
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
                answer.forgetBefore(parser.currentTokenLocation().getByteOffset());
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
            } else if (name.equals(connector.cursorField()) && (value == JsonToken.VALUE_STRING || value.isNumeric())) {
                nextCursor = parser.getText();
            }
        }

        private void readRecords() throws IOException {
            found = true;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                if (parser.currentToken() == null) {
                    throw new JsonParseException(parser, "unexpected end of input");
                }
                if (records.records() >= pages.room() || records.bytes() >= maxPageBytes) {
                    ReadRecords full = records.take();
                    handedOn += full.page().size();
                    pages.full(full);
                }
                records.read();
            }
        }
    }
}
