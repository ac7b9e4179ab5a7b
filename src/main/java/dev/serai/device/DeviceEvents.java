package dev.serai.device;

import dev.serai.journal.GroupCommit;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * The events of devices. Every accepted event waits for every other device until that device acknowledges it. All devices see the same
 * order, and whoever goes on behind the last number it saw misses nothing, from whichever hub it came.
 */
@Component("deviceEvents")
public class DeviceEvents implements SmartLifecycle {

    private final Feed feed;
    private final Clock clock;
    private final Duration keep;
    private final GroupCommit<NewEvent, Receipt> commits;

    DeviceEvents(
            EventIntake intake,
            Feed feed,
            Clock clock,
            @Value("${serai.journal.batch}") int batch,
            @Value("${serai.journal.queue}") int queueSize,
            @Value("${serai.devices.keep}") Duration keep) {
        this.feed = feed;
        this.clock = clock;
        this.keep = keep;
        // One lane: those who number events wait for each other anyway, and what waits is gathered into a larger commit.
        this.commits = new GroupCommit<>("device-events", 1, batch, queueSize, intake::accept);
    }

    /**
     * What became of a pushed event.
     *
     * @param eventId  its number; for a repetition that of the first one
     * @param repeated whether its key was accepted before; it had no second effect
     * @param same     false where the key was used with another request
     */
    public record Receipt(long eventId, boolean repeated, boolean same) {}

    /**
     * Accepts an event; an order among them becomes a change of the record {@code orders} by the same commit. The answer completes after
     * the commit; with a {@link DataAccessException} where nothing is known to be accepted.
     *
     * @throws RejectedExecutionException where more events wait than the queue holds, or the hub is stopping: try again later
     */
    public CompletableFuture<Receipt> accept(NewEvent event) {
        return commits.accept(event);
    }

    /**
     * Reads the next events of other devices that a device has not acknowledged, in order.
     *
     * @param query which device, from where on, and how many
     */
    public FeedPage read(FeedQuery query) {
        return feed.read(query);
    }

    /** The events of these numbers, in order; unknown numbers are left out. */
    public List<DeviceEvent> find(Collection<Long> eventIds) {
        return feed.find(eventIds);
    }

    /** The events of a range of numbers, both ends included, in order, at most {@code limit}. */
    public List<DeviceEvent> between(long first, long last, int limit) {
        return feed.between(first, last, limit);
    }

    /** The next events that connected clients get, of all devices, in order. */
    public List<DeviceEvent> liveAfter(long eventId, int limit) {
        return feed.liveAfter(eventId, limit);
    }

    /** The largest number so far; 0 where there is no event. */
    public long newest() {
        return feed.newest();
    }

    /**
     * Marks events as acknowledged by a device, for good. To repeat it is fine.
     *
     * @return how many of the numbers are events
     */
    public int acknowledge(String deviceId, Collection<Long> eventIds) {
        return feed.acknowledge(deviceId, eventIds);
    }

    /** Forgets events that are past their time; the route {@code upkeep-forget-device-events} calls it. */
    public void forgetOld() {
        feed.forget(clock.instant().minus(keep));
    }

    @Override
    public void start() {
        commits.start();
    }

    @Override
    public void stop() {
        commits.stop();
    }

    @Override
    public boolean isRunning() {
        return commits.isRunning();
    }

    /** Stops after the web server has answered its last request. */
    @Override
    public int getPhase() {
        return 0;
    }
}
