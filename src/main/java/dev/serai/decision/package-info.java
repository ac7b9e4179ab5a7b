/** Decisions: what people decide about conflicts, one or many alike, and how that is taken back. Each is a change like any other. */
package dev.serai.decision;
