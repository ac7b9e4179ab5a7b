package dev.serai.testing;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.delivery.DeliveryWake;
import dev.serai.journal.Ledger;
import dev.serai.record.Pipeline;
import dev.serai.record.QueueWorker;
import dev.serai.record.Wake;
import dev.serai.watch.Audit;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** The core alone, without routes and faces, on a fresh database and with a clock that the test sets. */
public final class Core implements AutoCloseable {

    private final TestDatabase database;
    private final AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();

    public final SettableClock clock = new SettableClock();

    /** @param more beans of other packages that a test needs */
    public Core(Class<?>... more) {
        this(TestDatabase.create(), more);
    }

    /** On a database that has been migrated; it is dropped when the core is closed. */
    public Core(TestDatabase database, Class<?>... more) {
        this.database = database;
        spring.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", Map.ofEntries(
                entry("serai.retries.max", "5"),
                entry("serai.retries.first-delay", "5s"),
                entry("serai.retries.max-delay", "5m"),
                entry("serai.deliveries.batch", "500"),
                entry("serai.deliveries.allow", "127.0.0.0/8"),
                entry("serai.deliveries.per-store", "4"),
                entry("serai.deliveries.at-once", "16"),
                entry("serai.deliveries.connect-timeout", "2s"),
                entry("serai.deliveries.response-timeout", "2s"),
                entry("serai.deliveries.retries", "5"),
                entry("serai.deliveries.first-delay", "2s"),
                entry("serai.deliveries.max-delay", "30m"),
                entry("serai.deliveries.rest", "50ms"),
                entry("serai.journal.batch", "500"),
                entry("serai.journal.lanes", "2"),
                entry("serai.journal.queue", "1000"),
                entry("serai.journal.remember-events", "30d"),
                entry("serai.journal.keep", "400d"),
                entry("serai.devices.keep", "400d"),
                entry("serai.edits.batch", "200"),
                entry("serai.edits.lanes", "2"),
                entry("serai.edits.queue", "5000"),
                entry("serai.catalog.cache", "5m"),
                entry("serai.catalog.low-stock", "10"),
                entry("serai.runs.at-once", "1"),
                entry("serai.connectors.overlap", "60s"),
                entry("serai.connectors.max-delete-share", "0.25"),
                entry("serai.connectors.max-page-bytes", "1000000"),
                entry("serai.stores.webhook-run.quiet", "5s"),
                entry("serai.stores.webhook-run.longest", "1m"),
                entry("serai.stores.webhook-run.keep", "30d"),
                entry("serai.alerts.url", "http://alerts.example/hook"),
                entry("serai.alerts.window", "1h"),
                entry("serai.alerts.period", "60000"),
                entry("serai.alerts.sync-failure-rate", "5"),
                entry("serai.alerts.conflicts-per-hour", "10"),
                entry("serai.alerts.sync-duration", "30s"),
                entry("serai.alerts.data-drift", "1"),
                entry("serai.alerts.webhook-failures", "3"),
                entry("serai.alerts.drift-batch", "100"),
                entry("serai.stores.keep-events", "24h"),
                entry("serai.secret-key", "a key for tests, 32 characters long"))));
        spring.registerBean(DataSource.class, database::dataSource, definition -> definition.setDestroyMethodName(""));
        spring.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database.dataSource()));
        spring.registerBean(JdbcTransactionManager.class, () -> new JdbcTransactionManager(database.dataSource()));
        spring.registerBean(ObjectMapper.class, () -> JsonMapper.builder().findAndAddModules().build());
        spring.registerBean(Clock.class, () -> clock);
        spring.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
        spring.registerBean(DefaultCamelContext.class, () -> new DefaultCamelContext());
        spring.registerBean(ProducerTemplate.class, () -> spring.getBean(CamelContext.class).createProducerTemplate());
        spring.registerBean(Wake.class, () -> () -> {});
        spring.registerBean(DeliveryWake.class, NoWake::new);
        spring.registerBean(JdbcClient.class, () -> JdbcClient.create(database.dataSource()));
        spring.register(Audit.class);
        spring.register(Transactions.class);
        spring.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
        spring.scan("dev.serai.journal", "dev.serai.lineage", "dev.serai.record", "dev.serai.conflict", "dev.serai.decision", "dev.serai.preview",
                "dev.serai.deadletter",
                "dev.serai.delivery", "dev.serai.run", "dev.serai.connector", "dev.serai.replay", "dev.serai.device",
                "dev.serai.store", "dev.serai.health");
        if (more.length > 0) {
            spring.register(more);
        }
        spring.refresh();
    }

    @EnableTransactionManagement
    static class Transactions {}

    /** Tests take these steps themselves. */
    private static final class NoWake implements DeliveryWake {

        @Override
        public void deliver() {
            // Nothing.
        }

        @Override
        public void settle() {
            // Nothing.
        }
    }

    public <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    public Pipeline pipeline() {
        return bean(Pipeline.class);
    }

    public Ledger ledger() {
        return bean(Ledger.class);
    }

    public JdbcTemplate jdbc() {
        return bean(JdbcTemplate.class);
    }

    /** Applies everything that waits in the queue. */
    public void drain() {
        QueueWorker worker = bean(QueueWorker.class);
        while (worker.applyBatch() > 0) {
            // Until nothing waits.
        }
    }

    @Override
    public void close() {
        spring.close();
        database.close();
    }
}
