/**
 * Owns what an operator sets from outside: the {@code serai.*} keys, the checks on them before anything starts,
 * and the way in which a start-up that cannot go on says what is wrong and what to do.
 */
package dev.serai.settings;
