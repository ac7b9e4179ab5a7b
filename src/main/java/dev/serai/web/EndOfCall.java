package dev.serai.web;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import java.util.UUID;

/** Sees the end of calls that never come back to the filter: their clients went away. */
record EndOfCall(KeptAnswers answers, UUID claim) implements AsyncListener {

    @Override
    public void onComplete(AsyncEvent event) {
        answers.ended(claim);
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        // The end follows.
    }

    @Override
    public void onError(AsyncEvent event) {
        // The end follows.
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
