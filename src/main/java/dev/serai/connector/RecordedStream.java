package dev.serai.connector;

import java.io.IOException;
import java.io.InputStream;

/**
 * An answer on its way to the parser, which keeps the bytes of the record at hand: so that its payload can be taken as it stands, and an
 * answer of any length needs no more memory than its longest record. Places are counted from the beginning of the answer.
 */
final class RecordedStream extends InputStream {

    private final InputStream in;
    private final int maxRecordBytes;
    private byte[] bytes = new byte[1 << 16];
    private int length;
    /** Where in the answer {@code bytes} begins. */
    private long base;
    private long recordFrom;

    RecordedStream(InputStream in, int maxRecordBytes) {
        this.in = in;
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        int n = in.read(target, offset, count);
        if (n > 0) {
            makeRoom(n);
            System.arraycopy(target, offset, bytes, length, n);
            length += n;
        }
        return n;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    private void makeRoom(int more) {
        if (length + more <= bytes.length) {
            return;
        }
        int done = (int) (recordFrom - base);
        int kept = length - done;
        if (kept + more > maxRecordBytes) {
            throw new MalformedPage("it has more than " + maxRecordBytes + " bytes without a record's end (serai.connectors.max-page-bytes)");
        }
        byte[] target = kept + more > bytes.length / 2 ? new byte[Math.max(bytes.length, 2 * (kept + more))] : bytes;
        System.arraycopy(bytes, done, target, 0, kept);
        bytes = target;
        length = kept;
        base = recordFrom;
    }

    /** What is before this place will not be asked for again. */
    void forgetBefore(long place) {
        recordFrom = place;
    }

    /** The bytes kept; a place of the answer is at {@link #index} in it, until more is read. */
    byte[] bytes() {
        return bytes;
    }

    int index(long place) {
        return (int) (place - base);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
