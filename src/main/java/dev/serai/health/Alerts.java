package dev.serai.health;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.health.AlertTable.Standing;
import dev.serai.store.StoreEvents;
import dev.serai.store.StoreEvents.StoreEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Raises and clears alerts by the stores' health, and tells the live streams, the alert webhook and the log. */
@Component("alerts")
public class Alerts {

    private static final Logger log = LoggerFactory.getLogger(Alerts.class);

    private static final int MOST_ACTIVE = 1_000;

    private final StoreHealths healths;
    private final AlertTable table;
    private final AlertSettings settings;
    private final AlertNotices notices;
    private final StoreEvents events;
    private final ObjectMapper json;
    private final TransactionTemplate transaction;
    private final Clock clock;

    Alerts(
            StoreHealths healths,
            AlertTable table,
            AlertSettings settings,
            AlertNotices notices,
            StoreEvents events,
            ObjectMapper json,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.healths = healths;
        this.table = table;
        this.settings = settings;
        this.notices = notices;
        this.events = events;
        this.json = json;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** Evaluates every condition for every store, unless another hub is at it. Raising, clearing and telling are one transaction. */
    public void evaluate() {
        List<Told> told = transaction.execute(status -> table.mayEvaluate() ? evaluateHere() : List.of());
        told.forEach(Alerts::log);
    }

    private record Told(String event, Alert alert) {}

    private List<Told> evaluateHere() {
        Instant now = clock.instant();
        List<Standing> standing = standing();
        List<Told> told = new ArrayList<>();
        table.clearOthers(standing, now).forEach(alert -> told.add(new Told("alert_cleared", alert)));
        table.raise(standing, now).forEach(alert -> told.add(new Told("alert_raised", alert)));
        events.tell(told.stream().map(one -> new StoreEvent(one.alert().storeId(), one.event(), json.valueToTree(one.alert()))).toList());
        told.forEach(one -> notices.add(one.alert().alertId() + "_" + one.event(), body(one), now));
        return told;
    }

    private List<Standing> standing() {
        List<Standing> standing = new ArrayList<>();
        for (Map.Entry<String, StoreHealth> store : healths.all().entrySet()) {
            for (AlertCondition condition : AlertCondition.values()) {
                double value = condition.valueOf(store.getValue());
                double threshold = settings.threshold(condition);
                if (value > threshold) {
                    standing.add(new Standing(store.getKey(), condition, threshold, value));
                }
            }
        }
        return standing;
    }

    private ObjectNode body(Told told) {
        ObjectNode body = json.createObjectNode().put("event", told.event());
        body.set("data", json.valueToTree(told.alert()));
        return body;
    }

    private static void log(Told told) {
        Alert alert = told.alert();
        if (alert.clearedAt() == null) {
            log.warn("Alert {} of store {}: {}. See /v1/monitoring/alerts", alert.condition(), alert.storeId(), alert.message());
        } else {
            log.info("Alert {} of store {} is over", alert.condition(), alert.storeId());
        }
    }

    /** What stands, a bounded number of it. */
    List<Alert> active() {
        return table.list(null, null, "active", 1, MOST_ACTIVE);
    }

    /** Alerts, newest first; null lets everything through. */
    public List<Alert> list(String storeId, String condition, String status, int page, int limit) {
        return table.list(storeId, condition, status, page, limit);
    }

    /** How many stand, by store; stores without any are left out. */
    public Map<String, Long> activeByStore() {
        return table.activeByStore();
    }

    public long count(String storeId, String condition, String status) {
        return table.count(storeId, condition, status);
    }
}
