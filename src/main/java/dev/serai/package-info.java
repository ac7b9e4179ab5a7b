/**
 * Owns the start of the hub: what it needs before anything runs, the beans that belong to no package, and the lines that say where it is.
 * Nothing depends on this package.
 */
package dev.serai;
