package dev.serai.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A source over real HTTP that answers {@code ?page=n} with a page that is ready in memory. */
final class SourceServer implements AutoCloseable {

    private static final Pattern PAGE = Pattern.compile("(?:^|&)page=(\\d+)");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private volatile IntFunction<byte[]> pages = page -> "[]".getBytes();
    private volatile int inOneAnswer;

    SourceServer() {
        // Without it the JDK's server holds small answers back for 40 ms, and the benchmark would measure that.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What it serves from now on; pages count from 1. */
    void serve(IntFunction<byte[]> pages) {
        this.pages = pages;
        this.inOneAnswer = 0;
    }

    /** Answers every request with so many pages, each an array, as one array: as a source does that knows no paging. */
    void serveInOneAnswer(IntFunction<byte[]> pages, int count) {
        this.pages = pages;
        this.inOneAnswer = count;
    }

    private void answer(HttpExchange exchange) throws IOException {
        if (inOneAnswer > 0) {
            answerAll(exchange);
            return;
        }
        Matcher page = PAGE.matcher(exchange.getRequestURI().getQuery());
        byte[] body = page.find() ? pages.apply(Integer.parseInt(page.group(1))) : new byte[0];
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    private void answerAll(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            for (int page = 1; page <= inOneAnswer; page++) {
                byte[] json = pages.apply(page);
                out.write(page == 1 ? '[' : ',');
                out.write(json, 1, json.length - 2);
            }
            out.write(']');
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
