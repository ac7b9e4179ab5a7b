/** Owns what tests of every package share: a real database, and the packaged hub as a process of its own. */
package dev.serai.testing;
