package dev.serai.live;

import dev.serai.database.DatabaseFaults;
import dev.serai.database.NoticeListener;
import dev.serai.live.LiveSource.News;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ProducerTemplate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Reads one source and gives what is new to the route {@code live-feed}, topic by topic. A page that fails is read again. */
public final class LiveFeed implements SmartLifecycle, NoticeListener {

    /** Where a message's exchange says which topic it is for. */
    static final String TOPIC = "topic";

    private static final Logger LOG = LoggerFactory.getLogger(LiveFeed.class);
    private static final String ROUTE = "direct:live-feed";
    private static final int PAGE = 500;
    /** Notices can be lost with their connection; so long does an event wait then at most. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final LiveSource source;
    private final ProducerTemplate route;
    private final Semaphore woken = new Semaphore(0);
    private Long position;
    private boolean failing;
    private volatile boolean running;
    private Thread thread;

    LiveFeed(LiveSource source, ProducerTemplate route) {
        this.source = source;
        this.route = route;
    }

    private void work() {
        while (running) {
            try {
                read();
                failing = false;
            } catch (RuntimeException e) {
                if (!failing && !DatabaseFaults.isAway(e)) {
                    failing = true;
                    LOG.warn("Live events of {} wait, and are tried again: {}", source.channel(), e.getMessage());
                }
            }
            if (!await()) {
                return;
            }
        }
    }

    private boolean await() {
        try {
            if (woken.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                woken.drainPermits();
            }
            return running;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void read() {
        if (position == null) {
            position = source.newest();
        }
        List<News> page;
        do {
            page = source.after(position, PAGE);
            publish(page);
        } while (page.size() == PAGE && running);
    }

    private void publish(List<News> page) {
        int from = 0;
        while (from < page.size()) {
            String topic = page.get(from).topic();
            List<LiveMessage> messages = new ArrayList<>();
            int to = from;
            while (to < page.size() && page.get(to).topic().equals(topic)) {
                messages.add(page.get(to++).message());
            }
            route.sendBodyAndHeaders(ROUTE, messages, Map.of(TOPIC, topic));
            position = messages.get(messages.size() - 1).position();
            from = to;
        }
    }

    @Override
    public String channel() {
        return source.channel();
    }

    @Override
    public void told(String text) {
        woken.release();
    }

    @Override
    public void hearing(boolean now) {
        woken.release();
    }

    @Override
    public void start() {
        running = true;
        thread = Heartbeat.daemon(this::work, "live-feed-" + source.channel());
        thread.start();
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
