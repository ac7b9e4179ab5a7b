/** Replay: brings failed changes through the pipeline again, those that are due by themselves and those that a person picks. */
package dev.serai.replay;
