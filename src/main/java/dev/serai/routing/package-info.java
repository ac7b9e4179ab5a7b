/**
 * Owns the routes in {@code routes/}: loads them, reloads them safely, and joins the contracts of the faces to Camel.
 * The only package beside {@code live} that may use Camel freely.
 */
package dev.serai.routing;
