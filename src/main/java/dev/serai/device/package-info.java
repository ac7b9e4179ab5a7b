/**
 * Owns the events of devices: accepts them in order, gives each device those of the others that it has not acknowledged, and remembers what
 * it has. Faces and the live layer speak to {@link dev.serai.device.DeviceEvents}.
 */
package dev.serai.device;
