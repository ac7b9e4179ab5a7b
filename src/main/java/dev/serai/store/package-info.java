/**
 * Owns what is known of each store: what it syncs and how, whether it is paused, its secrets, and the events of its live stream.
 * Faces and core ask it; it asks nobody.
 */
package dev.serai.store;
