/** The demo source: a small shop inside the hub, so that a newcomer sees a real pull over HTTP with nothing else installed. */
package dev.serai.demo;
