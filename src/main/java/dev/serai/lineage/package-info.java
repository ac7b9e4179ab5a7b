/** Lineage: keeps a child whose parent is not there yet, and releases it, in order, when the parent is applied. */
package dev.serai.lineage;
