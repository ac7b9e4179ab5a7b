/** Delivery: changes on their way out, claimed, attempted, classified, and tried again with backoff. */
package dev.serai.delivery;
