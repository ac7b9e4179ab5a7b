package dev.serai.catalog;

import java.util.Collection;
import java.util.Optional;

/**
 * Which generation of cached answers is good. An answer is kept under the generation that was good before it was read; a write ends the
 * generation after its commit. So what was read before the write is never found after it, however late it was put into the cache.
 */
interface Generations {

    /** The scope of every list of products. */
    String LISTS = "lists";

    /** The generation that is good for a scope; empty where that is not known, so that nothing may come from the cache. */
    Optional<String> of(String scope);

    /** Called in the transaction of a write: tells the other hubs with the commit, where they have to be told so. */
    void announce(Collection<String> scopes);

    /** Called after the commit of a write. */
    void end(Collection<String> scopes);

    /** Scopes fall into a fixed number of slots; that others end with them costs little, and nothing has to be remembered by key. */
    static int slot(String scope) {
        return (scope.hashCode() * 0x9E3779B9) >>> 18;
    }

    int SLOTS = 1 << 14;
}
