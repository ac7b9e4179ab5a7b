package dev.serai.device;

/**
 * A pushed event, looked at from the side of who pushed it.
 *
 * @param caller       whose credentials brought it
 * @param acknowledged whether another device has acknowledged it
 */
public record Pushed(DeviceEvent event, String caller, boolean acknowledged) {}
