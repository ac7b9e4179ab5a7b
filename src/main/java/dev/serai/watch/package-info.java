/** Watching: health, metrics and the audit trail, from the same queries that the faces use. */
package dev.serai.watch;
