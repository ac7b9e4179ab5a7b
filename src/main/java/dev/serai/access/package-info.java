/**
 * Who may call what: users, tokens, API keys, demo credentials, the rules of every path, and the check that a caller sees only its own.
 * A face declares its paths with {@link dev.serai.access.PathRule} and asks {@link dev.serai.access.Access} about ids in its bodies.
 */
package dev.serai.access;
