package dev.serai.pos;

/** Says that there may be orders to send; without it they are found a second later. */
@FunctionalInterface
public interface SendWake {

    void send();
}
