/** What happened, for people who look after the hub: the audit trail. */
package dev.serai.watch;
