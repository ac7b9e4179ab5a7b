package dev.serai.access;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** One page of a list. */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
record Listing<T>(List<T> data, int page, int pageSize, long total) {

    Listing(List<T> data, PageRequest page, long total) {
        this(data, page.page(), page.size(), total);
    }
}
