/**
 * Owns the scheme {@code live:}, the way from a route to connected clients.
 * It only sends; what clients send goes to their face.
 */
package dev.serai.live.camel;
