/**
 * Owns the connection to PostgreSQL, and the embedded PostgreSQL server where no external one is configured.
 * What is in the database is the business of the other packages; Flyway's migrations are theirs.
 */
package dev.serai.database;
