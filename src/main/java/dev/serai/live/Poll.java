package dev.serai.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.jetty.util.Callback;

/** A polling request that is held open. Its answer is written without waiting for the client. */
final class Poll {

    private final AsyncContext held;
    private final HttpServletResponse response;

    Poll(HttpServletRequest request, HttpServletResponse response) {
        this.response = response;
        this.held = request.startAsync(request, response);
        held.setTimeout(0);
    }

    /** Once. */
    void answer(byte[] payload, Callback written) {
        Answer answer = new Answer(payload, written);
        try {
            response.setContentType("text/plain; charset=UTF-8");
            response.setContentLength(payload.length);
            held.addListener(answer);
            response.getOutputStream().setWriteListener(answer);
        } catch (IOException | IllegalStateException e) {
            answer.onError(e);
        }
    }

    private final class Answer implements WriteListener, AsyncListener {

        private final byte[] payload;
        private final Callback written;
        private final AtomicBoolean done = new AtomicBoolean();
        private boolean sent;

        Answer(byte[] payload, Callback written) {
            this.payload = payload;
            this.written = written;
        }

        @Override
        public void onWritePossible() throws IOException {
            ServletOutputStream out = response.getOutputStream();
            while (out.isReady()) {
                if (sent) {
                    held.complete();
                    return;
                }
                sent = true;
                out.write(payload);
            }
        }

        @Override
        public void onComplete(AsyncEvent event) {
            if (done.compareAndSet(false, true)) {
                written.succeeded();
            }
        }

        @Override
        public void onError(Throwable failure) {
            if (done.compareAndSet(false, true)) {
                written.failed(failure);
                held.complete();
            }
        }

        @Override
        public void onError(AsyncEvent event) {
            if (done.compareAndSet(false, true)) {
                written.failed(event.getThrowable());
            }
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // There is none.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // It has been.
        }
    }
}
