/** The journal: accepts changes durably (group commit), recognises duplicates, and keeps the ledger that says what became of each. */
package dev.serai.journal;
