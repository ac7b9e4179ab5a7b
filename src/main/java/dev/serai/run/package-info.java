/** Runs: bounded executions of a sync, with progress, history, and take-over where a hub dies in the middle of one. */
package dev.serai.run;
