/** Measures the hub beside bare JDBC on the same PostgreSQL: {@code mvn -Pbench test}. Not part of the build; see docs/benchmarks.md. */
package dev.serai.bench;
