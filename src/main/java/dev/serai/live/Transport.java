package dev.serai.live;

import java.util.List;
import org.eclipse.jetty.util.Callback;

/** The way to one client. */
interface Transport {

    /** Writes frames in one go and never waits. One write at a time; the callback tells that they are gone, or never will be. */
    void write(List<byte[]> frames, Callback written);

    /** Tells the client that, and why, it ends; the connection is cut where it does not listen. */
    void close(int code, String reason);
}
