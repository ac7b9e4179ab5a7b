package dev.serai.live;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.eclipse.jetty.util.Callback;

/**
 * What waits for one client, bounded in bytes and frames. Whatever has gathered by the time that the client can take more goes out in
 * one write.
 */
final class Outbox {

    /** Bytes a write, of which one is under way at a time. */
    private static final int WRITE = 65536;

    private final Transport transport;
    private final long mostBytes;
    private final int mostFrames;
    private final Deque<byte[]> frames = new ArrayDeque<>();
    private long bytes;
    private boolean writing;
    private boolean closed;
    private Runnable whenEmpty;

    Outbox(Transport transport, long mostBytes, int mostFrames) {
        this.transport = transport;
        this.mostBytes = mostBytes;
        this.mostFrames = mostFrames;
    }

    /** False where the client is so far behind that the frame has no place. */
    synchronized boolean offer(byte[] frame) {
        if (closed) {
            return true;
        }
        if (!frames.isEmpty() && (bytes + frame.length > mostBytes || frames.size() >= mostFrames)) {
            return false;
        }
        frames.add(frame);
        bytes += frame.length;
        return true;
    }

    /** Writes what waits, unless a write is under way already. Answers how many frames that were. */
    int flush() {
        List<byte[]> batch;
        synchronized (this) {
            if (writing || closed || frames.isEmpty()) {
                return 0;
            }
            writing = true;
            batch = nextBatch();
        }
        transport.write(batch, new Written(sum(batch)));
        return batch.size();
    }

    /** Runs once, as soon as nothing waits and nothing is being written. */
    void whenEmpty(Runnable task) {
        synchronized (this) {
            if (closed) {
                return;
            }
            if (writing || !frames.isEmpty()) {
                whenEmpty = task;
                return;
            }
        }
        task.run();
    }

    synchronized boolean isHalfEmpty() {
        return bytes < mostBytes / 2 && frames.size() < mostFrames / 2;
    }

    synchronized void close() {
        closed = true;
        frames.clear();
        whenEmpty = null;
    }

    private List<byte[]> nextBatch() {
        List<byte[]> batch = new ArrayList<>();
        long size = 0;
        while (!frames.isEmpty() && (batch.isEmpty() || size + frames.peek().length <= WRITE)) {
            byte[] frame = frames.poll();
            size += frame.length;
            batch.add(frame);
        }
        return batch;
    }

    private static long sum(List<byte[]> batch) {
        long sum = 0;
        for (byte[] frame : batch) {
            sum += frame.length;
        }
        return sum;
    }

    private final class Written implements Callback {

        private final long size;

        Written(long size) {
            this.size = size;
        }

        @Override
        public void succeeded() {
            Runnable task = null;
            synchronized (Outbox.this) {
                writing = false;
                bytes -= size;
                if (frames.isEmpty()) {
                    task = whenEmpty;
                    whenEmpty = null;
                }
            }
            if (task != null) {
                task.run();
            } else {
                flush();
            }
        }

        /** The transport ends itself. */
        @Override
        public void failed(Throwable cause) {
            close();
        }

        @Override
        public InvocationType getInvocationType() {
            return InvocationType.NON_BLOCKING;
        }
    }
}
