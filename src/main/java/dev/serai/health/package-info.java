/** How stores' syncs go: metrics that are summed up as it happens, and the alerts that are raised and cleared by them. */
package dev.serai.health;
