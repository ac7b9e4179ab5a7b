/** The nouns of the hub: a change, its key, its outcome. Plain Java; every other package may use them. */
package dev.serai.change;
