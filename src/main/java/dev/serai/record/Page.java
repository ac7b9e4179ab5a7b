package dev.serai.record;

import dev.serai.change.Change;
import dev.serai.change.Failure;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A page of changes of one entity type that arrive together.
 *
 * @param changes what is well formed, in order
 * @param refused what is not: a record without its key, of the wrong shape, with a time that is none
 */
public record Page(String entityType, List<Change> changes, List<Refused> refused) {

    /** A change that cannot be applied as it stands, and why. Its key may be missing. */
    public record Refused(Change change, Failure failure) {}

    /** The keys that can be read, with those of refused changes: their records are there too. */
    public List<String> keys() {
        return Stream.concat(changes.stream(), refused.stream().map(Refused::change)).map(Change::key).filter(Objects::nonNull).toList();
    }

    public int size() {
        return changes.size() + refused.size();
    }
}
