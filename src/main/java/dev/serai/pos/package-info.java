/**
 * The POS face: orders by terminal, and their way to the cloud endpoint, each with one effect there however often it is sent.
 * The orders themselves are records of the core; this package keeps how far each one is.
 */
package dev.serai.pos;
