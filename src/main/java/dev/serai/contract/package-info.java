/**
 * Owns what a face promises: the OpenAPI contract, compiled once, and the typed request and the answer that go with it.
 * Knows neither Camel nor the core.
 */
package dev.serai.contract;
