package dev.serai.catalog;

import dev.serai.database.Bind;
import dev.serai.database.NoticeListener;
import java.util.Arrays;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.JdbcTemplate;

/** Generations of this hub's own cache. Writes on other hubs are heard of through the database; while they are not, nothing is good. */
final class LocalGenerations implements Generations, NoticeListener {

    private static final String CHANNEL = "serai_catalog";
    private static final String ALL = "*";
    /** A notice holds 8,000 bytes. */
    private static final int MOST_TOLD = 1_000;

    private final JdbcTemplate jdbc;
    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);
    private final AtomicLong epoch = new AtomicLong();
    private volatile boolean hearing;

    LocalGenerations(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public Optional<String> of(String scope) {
        return hearing ? Optional.of(epoch.get() + "." + slots.get(Generations.slot(scope))) : Optional.empty();
    }

    @Override
    public void announce(Collection<String> scopes) {
        String text = scopes.size() > MOST_TOLD
                ? ALL
                : scopes.stream().map(scope -> Integer.toString(Generations.slot(scope))).distinct().collect(Collectors.joining(","));
        jdbc.query("SELECT pg_notify(?, ?)", ps -> Bind.to(ps).text(CHANNEL).text(text), rs -> {});
    }

    @Override
    public void end(Collection<String> scopes) {
        scopes.forEach(scope -> slots.incrementAndGet(Generations.slot(scope)));
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public void told(String text) {
        if (text.equals(ALL)) {
            epoch.incrementAndGet();
        } else {
            Arrays.stream(text.split(",")).mapToInt(Integer::parseInt).filter(slot -> slot < SLOTS).forEach(slots::incrementAndGet);
        }
    }

    @Override
    public void hearing(boolean now) {
        epoch.incrementAndGet();
        hearing = now;
    }
}
