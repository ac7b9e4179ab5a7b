package dev.serai.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/**
 * The client program of the broadcast benchmark, a process of its own: many WebSockets on one thread, which count messages and note how old
 * each is. One of them may never read. Arguments: port, number of clients, number of those that never read, measurements at most.
 */
final class BroadcastClients {

    private static final byte[] AT = "\"at\":".getBytes(StandardCharsets.US_ASCII);
    private static final int BUFFER = 262_144;

    private final int[] ages;
    private volatile int count;

    private BroadcastClients(int most) {
        this.ages = new int[most];
    }

    public static void main(String[] args) throws IOException {
        BroadcastClients clients = new BroadcastClients(Integer.parseInt(args[3]));
        int port = Integer.parseInt(args[0]);
        int number = Integer.parseInt(args[1]);
        int paused = Integer.parseInt(args[2]);
        Selector selector = Selector.open();
        for (int i = 0; i < number; i++) {
            SocketChannel channel = connect(port, i);
            if (i >= paused) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(BUFFER));
            }
        }
        Thread reader = new Thread(() -> clients.read(selector), "reader");
        reader.setDaemon(true);
        reader.start();
        System.out.println("ready");
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(clients.report(line.equals("reset")));
        }
    }

    private static SocketChannel connect(int port, int number) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        String request = "GET /ws?device_id=bench-" + number + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
        channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
        ByteBuffer one = ByteBuffer.allocate(1);
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            one.clear();
            if (channel.read(one) < 0) {
                throw new IOException("Refused: " + answer);
            }
            answer.append((char) one.get(0));
        }
        if (!answer.toString().contains(" 101 ")) {
            throw new IOException("Refused: " + answer);
        }
        return channel;
    }

    private void read(Selector selector) {
        try {
            while (true) {
                selector.select(key -> {
                    try {
                        ByteBuffer buffer = (ByteBuffer) key.attachment();
                        if (((SocketChannel) key.channel()).read(buffer) < 0) {
                            key.cancel();
                        }
                        buffer.flip();
                        frames(buffer);
                        buffer.compact();
                    } catch (IOException e) {
                        key.cancel();
                    }
                });
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void frames(ByteBuffer buffer) {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        while (buffer.remaining() >= 4) {
            int start = buffer.position();
            int length = buffer.get(start + 1) & 0x7f;
            int header = length == 126 ? 4 : 2;
            if (length == 126) {
                length = buffer.getShort(start + 2) & 0xffff;
            }
            if (buffer.remaining() < header + length) {
                return;
            }
            note(buffer.array(), start + header, length, now);
            buffer.position(start + header + length);
        }
    }

    private void note(byte[] bytes, int from, int length, long now) {
        for (int i = from + length - AT.length; i >= from; i--) {
            if (bytes[i] == '"' && Arrays.equals(bytes, i, i + AT.length, AT, 0, AT.length)) {
                long at = 0;
                for (int digit = i + AT.length; bytes[digit] >= '0' && bytes[digit] <= '9'; digit++) {
                    at = at * 10 + bytes[digit] - '0';
                }
                if (count < ages.length) {
                    ages[count] = (int) (now - at);
                    count++;
                }
                return;
            }
        }
    }

    /** Count, median, 99th percentile and largest age in microseconds. */
    private String report(boolean reset) {
        int[] sorted = Arrays.copyOf(ages, count);
        Arrays.sort(sorted);
        String report = sorted.length == 0
                ? "0 0 0 0"
                : sorted.length + " " + sorted[sorted.length / 2] + " " + sorted[(int) (sorted.length * 0.99)] + " " + sorted[sorted.length - 1];
        if (reset) {
            count = 0;
        }
        return report;
    }
}
