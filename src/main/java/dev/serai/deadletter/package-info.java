/** Dead letters: parks what failed, with stage, reason and payload; replays it, or lets a person discard it. */
package dev.serai.deadletter;
