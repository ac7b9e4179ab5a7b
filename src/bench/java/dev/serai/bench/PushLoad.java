package dev.serai.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A process of its own that pushes events over keep-alive connections, each with one request at a time, all from one thread: the less it
 * takes of the two cores, the more it says about the hub. Prints what it measured as one line.
 */
public final class PushLoad {

    private static final int MOST = 4_000_000;

    private final URI hub;
    private final long[] latencies = new long[MOST];
    private int count;

    private PushLoad(URI hub) {
        this.hub = hub;
    }

    private static final class Connection {
        private final ByteBuffer in = ByteBuffer.allocate(4096);
        private final ByteBuffer out;
        private long sent;

        Connection(byte[] request) {
            out = ByteBuffer.wrap(request);
        }
    }

    /** Arguments: hub, connections, seconds. */
    public static void main(String[] args) throws IOException {
        new PushLoad(URI.create(args[0])).run(Integer.parseInt(args[1]), Double.parseDouble(args[2]));
    }

    /** About 300 bytes. */
    static String event(int device) {
        return String.format(
                Locale.ROOT,
                "{\"event_type\":\"stock_update\",\"payload\":{\"product_id\":%d,\"sku\":\"SKU-%08d\",\"qty\":5,"
                        + "\"location\":\"aisle 7, shelf 3\",\"reason\":\"counted by hand at closing time\",\"price\":\"12.50\","
                        + "\"note\":\"two of them were behind the others\"},"
                        + "\"device_id\":\"device-%03d\",\"user_id\":\"user-%d\",\"timestamp\":\"2026-01-05T12:00:00Z\"}",
                device * 7919, device, device, device % 20);
    }

    private void run(int connections, double seconds) throws IOException {
        Selector selector = Selector.open();
        for (int i = 0; i < connections; i++) {
            SocketChannel channel = SocketChannel.open(new InetSocketAddress(hub.getHost(), hub.getPort()));
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            byte[] request = Wire.post(hub, "/sync/push", event(i).getBytes(StandardCharsets.UTF_8));
            Connection connection = new Connection(request);
            channel.register(selector, SelectionKey.OP_READ, connection);
            send(channel, connection);
        }
        long from = System.nanoTime();
        long end = from + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            selector.select(100);
            for (SelectionKey key : selector.selectedKeys()) {
                receive((SocketChannel) key.channel(), (Connection) key.attachment());
            }
            selector.selectedKeys().clear();
        }
        double took = (System.nanoTime() - from) / 1e9;
        long[] sorted = Arrays.copyOf(latencies, count);
        Arrays.sort(sorted);
        System.out.printf(Locale.ROOT, "%d %.3f %.2f %.2f%n", count, took, sorted[count / 2] / 1e6, sorted[(int) (count * 0.99)] / 1e6);
    }

    private static void send(SocketChannel channel, Connection connection) throws IOException {
        connection.out.rewind();
        connection.in.clear();
        connection.sent = System.nanoTime();
        while (connection.out.hasRemaining()) {
            channel.write(connection.out);
        }
    }

    private void receive(SocketChannel channel, Connection connection) throws IOException {
        if (channel.read(connection.in) < 0) {
            throw new IOException("The hub closed a connection");
        }
        if (Wire.answerEnd(connection.in.array(), connection.in.position()) >= 0) {
            if (connection.in.get(9) != '2') {
                throw new IOException(new String(connection.in.array(), 0, connection.in.position(), StandardCharsets.ISO_8859_1));
            }
            latencies[count++] = System.nanoTime() - connection.sent;
            send(channel, connection);
        }
    }
}
