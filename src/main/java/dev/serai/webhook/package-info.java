/** Webhooks as stores sign them: verifies what comes in over its raw bytes, reads its records, hands them to the journal; signs what goes out. */
package dev.serai.webhook;
