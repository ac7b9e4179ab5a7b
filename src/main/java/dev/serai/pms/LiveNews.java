package dev.serai.pms;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.database.Bind;
import dev.serai.database.NoticeListener;
import dev.serai.live.Live;
import dev.serai.live.LiveMessage;
import dev.serai.record.Applied;
import dev.serai.record.AppliedListener;
import dev.serai.rules.Values;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Component;

/**
 * Tells live clients what became of the products and orders that they are subscribed to. The commit of a change, from whatever face, tells
 * every hub which records it was; a hub reads those that its clients want to know of, as they are then.
 */
@Component
class LiveNews implements AppliedListener, NoticeListener, DisposableBean {

    static final String PRODUCTS = "products/";
    static final String ORDERS = "orders/";
    static final String ALERTS = "alerts";

    private static final Logger LOG = LoggerFactory.getLogger(LiveNews.class);
    private static final String CHANNEL = "serai_catalog_news";
    /** A notice holds 8,000 bytes; a character may take four. */
    private static final int MOST_CHARACTERS = 1_900;

    private final JdbcTemplate jdbc;
    private final Live live;
    private final ExecutorService reader = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "live-news");
        thread.setDaemon(true);
        return thread;
    });

    LiveNews(JdbcTemplate jdbc, Live live) {
        this.jdbc = jdbc;
        this.live = live;
    }

    @Override
    public void applied(List<Applied> applied, Instant now) {
        List<String> topics = Stream.concat(
                        changed(applied, "products", "inventory").map(PRODUCTS::concat),
                        changed(applied, "orders", "status").map(ORDERS::concat))
                .distinct()
                .toList();
        if (!topics.isEmpty()) {
            jdbc.query("SELECT pg_notify(?, t) FROM unnest(?::text[]) AS t", ps -> Bind.to(ps).text(CHANNEL).texts(notices(topics)), rs -> {});
        }
    }

    /** Keys of records whose field has another value now, as far as that is known. */
    private static Stream<String> changed(List<Applied> applied, String entityType, String field) {
        return applied.stream()
                .filter(a -> a.key().entityType().equals(entityType) && !a.deleted())
                .filter(a -> a.changed() == null || a.changed().containsKey(field))
                .map(a -> a.key().key());
    }

    /** Topics line by line, as many as a notice holds. A key with a line break in it is nobody's room. */
    private static List<String> notices(List<String> topics) {
        List<String> notices = new ArrayList<>();
        StringBuilder notice = new StringBuilder();
        for (String topic : topics) {
            if (notice.length() + topic.length() > MOST_CHARACTERS) {
                notices.add(notice.toString());
                notice.setLength(0);
            }
            notice.append(topic).append('\n');
        }
        notices.add(notice.toString());
        return notices;
    }

    @Override
    public String channel() {
        return CHANNEL;
    }

    @Override
    public void told(String text) {
        List<String> wanted = text.lines().filter(topic -> live.subscribers(topic) > 0).toList();
        if (!wanted.isEmpty()) {
            reader.execute(() -> tell(wanted));
        }
    }

    /** What was missed is not made up for: the next change tells again how it is then. */
    private void tell(List<String> topics) {
        try {
            jdbc.query(
                    "SELECT product_id, stock FROM stock WHERE product_id = ANY (?::text[])",
                    ps -> Bind.to(ps).texts(ids(topics, PRODUCTS)),
                    rs -> {
                        publish(PRODUCTS, "inventory_update", Values.object().put("productId", rs.getString(1)).put("stock", rs.getLong(2)), rs.getString(1));
                    });
            jdbc.query(
                    "SELECT order_key, status FROM sale WHERE order_key = ANY (?::text[])",
                    ps -> Bind.to(ps).texts(ids(topics, ORDERS)),
                    rs -> {
                        publish(ORDERS, "order_status", Values.object().put("orderId", rs.getString(1)).put("status", rs.getString(2)), rs.getString(1));
                    });
        } catch (DataAccessException e) {
            LOG.warn("Live clients were not told of {} changes: {}", topics.size(), e.getMessage());
        }
    }

    private static Collection<String> ids(List<String> topics, String kind) {
        return topics.stream().filter(topic -> topic.startsWith(kind)).map(topic -> topic.substring(kind.length())).toList();
    }

    private void publish(String kind, String event, ObjectNode data, String id) {
        live.publish(kind + id, LiveMessage.of(event, data));
    }

    @Override
    public void destroy() {
        reader.shutdown();
    }
}
