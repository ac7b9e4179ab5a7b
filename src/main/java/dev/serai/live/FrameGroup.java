package dev.serai.live;

import java.nio.ByteBuffer;
import java.util.List;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * Several text frames that go through Jetty as one: its payload runs on with the other frames, each with its header. Framing them one by one costs
 * three times as much. A server's frames are not masked, so that they are the same bytes for every client.
 */
final class FrameGroup extends Frame {

    private static final byte WHOLE_TEXT = (byte) (0x80 | OpCode.TEXT);
    private static final int LONGEST_HEADER = 10;
    private static final int SHORT = 125;
    private static final int MEDIUM = 0xffff;

    private final int firstLength;

    FrameGroup(List<byte[]> payloads) {
        super(OpCode.TEXT);
        firstLength = payloads.get(0).length;
        int size = 0;
        for (byte[] payload : payloads) {
            size += payload.length + LONGEST_HEADER;
        }
        ByteBuffer bytes = ByteBuffer.allocate(size).put(payloads.get(0));
        for (byte[] payload : payloads.subList(1, payloads.size())) {
            header(bytes, payload.length);
            bytes.put(payload);
        }
        setPayload(bytes.flip());
    }

    private static void header(ByteBuffer bytes, int length) {
        bytes.put(WHOLE_TEXT);
        if (length <= SHORT) {
            bytes.put((byte) length);
        } else if (length <= MEDIUM) {
            bytes.put((byte) 126).putShort((short) length);
        } else {
            bytes.put((byte) 127).putLong(length);
        }
    }

    /** What Jetty writes into the first frame's header. */
    @Override
    public int getPayloadLength() {
        return firstLength;
    }
}
