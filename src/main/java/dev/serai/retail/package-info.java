/** The retail face: its operations, each the bean method that its contract's operation names. Nothing here bypasses the core. */
package dev.serai.retail;
