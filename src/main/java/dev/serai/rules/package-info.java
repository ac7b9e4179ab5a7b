/** Decides what becomes of a change: filters, conflicts, strategies. Pure Java; values in, decisions out, no clock of its own. */
package dev.serai.rules;
