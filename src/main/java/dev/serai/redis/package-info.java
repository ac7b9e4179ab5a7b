/** The Redis that hubs may share, for caches and rate limits. Nothing depends on its being there: while it is away, each hub keeps its own. */
package dev.serai.redis;
