/** Conflicts: fields about which a person has to decide. Keeps them, finds them, and settles the changes that brought them. */
package dev.serai.conflict;
