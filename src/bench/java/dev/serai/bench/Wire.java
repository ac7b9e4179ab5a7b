package dev.serai.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/** One keep-alive connection that sends bytes and reads a whole answer: as little work as a client can make of it. */
final class Wire implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private byte[] buffer = new byte[1 << 20];

    Wire(URI hub) throws IOException {
        socket = new Socket(hub.getHost(), hub.getPort());
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    static byte[] post(URI hub, String path, byte[] body) {
        byte[] head = ("POST " + path + " HTTP/1.1\r\nHost: " + hub.getAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    static byte[] get(URI hub, String path) {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + hub.getAuthority() + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** The body of a 2xx answer, as text in which every byte is a character. */
    String call(byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        int length = 0;
        while (true) {
            if (length == buffer.length) {
                buffer = Arrays.copyOf(buffer, 2 * length);
            }
            int read = in.read(buffer, length, buffer.length - length);
            if (read < 0) {
                throw new IOException("The hub closed the connection");
            }
            length += read;
            int body = answerEnd(buffer, length);
            if (body >= 0) {
                String answer = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
                if (answer.charAt(9) != '2') {
                    throw new IOException(answer);
                }
                boolean chunked = answer.substring(0, body).toLowerCase(Locale.ROOT).contains("chunked");
                return chunked ? joined(answer, body) : answer.substring(body);
            }
        }
    }

    /** The chunks of a body without their sizes. */
    private static String joined(String answer, int body) {
        StringBuilder joined = new StringBuilder(answer.length());
        int at = body;
        while (true) {
            int line = answer.indexOf("\r\n", at);
            int size = Integer.parseInt(answer.substring(at, line).strip(), 16);
            if (size == 0) {
                return joined.toString();
            }
            joined.append(answer, line + 2, line + 2 + size);
            at = line + 2 + size + 2;
        }
    }

    /** Where the body of a complete answer begins; -1 where it is not complete. */
    static int answerEnd(byte[] bytes, int length) {
        int head = headEnd(bytes, length);
        if (head < 0) {
            return -1;
        }
        String headers = new String(bytes, 0, head, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
        int at = headers.indexOf("content-length: ");
        if (at >= 0) {
            int size = Integer.parseInt(headers.substring(at + 16, headers.indexOf('\r', at)));
            return length >= head + size ? head : -1;
        }
        return length >= 5 && new String(bytes, length - 5, 5, StandardCharsets.ISO_8859_1).equals("0\r\n\r\n") ? head : -1;
    }

    private static int headEnd(byte[] bytes, int length) {
        for (int i = 3; i < length; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
