package dev.serai.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes webhooks and answers 204, on one thread and with as little work as a receiver can make of it: what is measured are the senders. */
final class Receiver implements AutoCloseable {

    private static final byte[] ANSWER = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST = 1 << 16;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel server = ServerSocketChannel.open();
    private final AtomicInteger received = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    Receiver() throws IOException {
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 500);
        server.configureBlocking(false);
        server.register(selector, SelectionKey.OP_ACCEPT);
        Thread thread = new Thread(this::serve, "receiver");
        thread.setDaemon(true);
        thread.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.socket().getLocalPort() + "/hook");
    }

    /** Counts from now on. */
    void reset() {
        received.set(0);
        connections.set(0);
    }

    int received() {
        return received.get();
    }

    int connections() {
        return connections.get();
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::serve);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                SocketChannel channel = server.accept();
                channel.configureBlocking(false);
                connections.incrementAndGet();
                channel.register(selector, SelectionKey.OP_READ, ByteBuffer.allocate(LARGEST));
            } else {
                answer((SocketChannel) key.channel(), (ByteBuffer) key.attachment());
            }
        } catch (IOException e) {
            close(key);
        }
    }

    private static void close(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A client waits for its answer before it sends the next request. */
    private void answer(SocketChannel channel, ByteBuffer request) throws IOException {
        if (channel.read(request) < 0) {
            channel.close();
        } else if (Wire.answerEnd(request.array(), request.position()) >= 0) {
            request.clear();
            received.incrementAndGet();
            channel.write(ByteBuffer.wrap(ANSWER));
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        server.close();
    }
}
