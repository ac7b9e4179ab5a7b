/** The stores face: configuring, triggering and watching a store's sync. What it shows comes from the core. */
package dev.serai.storesync;
