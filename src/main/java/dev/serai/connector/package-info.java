/** Connectors: sources that are pulled. Reads their pages, maps their records to changes, follows their paging and cursors. */
package dev.serai.connector;
