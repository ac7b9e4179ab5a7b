package dev.serai.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One packet, as {@code 2/namespace,17["event", …]}.
 *
 * @param ack the number by which the client knows its callback; null without one
 */
record SocketIoPacket(char type, String namespace, String ack, JsonNode data) {

    static final char CONNECT = '0';
    static final char DISCONNECT = '1';
    static final char EVENT = '2';
    static final char ACK = '3';

    private static final Pattern FORM = Pattern.compile("([0-4])(/[^,]*,?)?(\\d{1,18})?(.*)", Pattern.DOTALL);

    /**
     * Reads a packet.
     *
     * @throws IllegalArgumentException where it is none; one with binary attachments counts as none
     * @throws JsonProcessingException  where its content is no JSON
     */
    static SocketIoPacket read(String text, ObjectReader json) throws JsonProcessingException {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("No socket.io packet");
        }
        String namespace = form.group(2) == null ? "/" : form.group(2).replaceFirst(",$", "");
        String content = form.group(4);
        JsonNode data = content.isEmpty() ? MissingNode.getInstance() : json.readTree(content);
        return new SocketIoPacket(form.group(1).charAt(0), namespace, form.group(3), data);
    }

    /** {@code /?query} is the default namespace, with a query that nobody reads. */
    boolean isDefaultNamespace() {
        return namespace.equals("/") || namespace.startsWith("/?");
    }
}
