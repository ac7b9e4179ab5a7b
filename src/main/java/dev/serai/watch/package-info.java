/** Watching: health, metrics and audit, from the same queries that the faces use. */
package dev.serai.watch;
