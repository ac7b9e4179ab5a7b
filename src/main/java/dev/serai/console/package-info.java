/** The console: server-rendered pages on which a person sees what the hub does. Every number comes from the queries of the APIs. */
package dev.serai.console;
