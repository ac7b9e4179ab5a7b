package dev.serai.delivery;

/** Tells this hub's routes that there is something to do about deliveries to stores. Returns at once. */
public interface DeliveryWake {

    /** There may be deliveries whose turn it is, and room to send them. */
    void deliver();

    /** Attempts have ended. */
    void settle();
}
