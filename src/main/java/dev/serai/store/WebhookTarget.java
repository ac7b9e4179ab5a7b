package dev.serai.store;

import java.net.URI;

/**
 * Where a store wants to be told of changes. Its secrets are never in here: see {@link Stores#secrets}.
 *
 * @param enabled false where the endpoint has said that it is gone; configuring it again enables it
 */
public record WebhookTarget(URI endpoint, boolean enabled) {}
