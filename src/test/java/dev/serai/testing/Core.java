package dev.serai.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.serai.journal.Ledger;
import dev.serai.record.Pipeline;
import dev.serai.record.QueueWorker;
import dev.serai.record.Wake;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;

/** The core alone, without routes and faces, on a fresh database and with a clock that the test sets. */
public final class Core implements AutoCloseable {

    private final TestDatabase database = TestDatabase.create();
    private final AnnotationConfigApplicationContext spring = new AnnotationConfigApplicationContext();

    public final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));

    public Core() {
        spring.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", Map.of(
                "serai.retries.max", "5",
                "serai.retries.first-delay", "5s",
                "serai.retries.max-delay", "5m",
                "serai.deliveries.batch", "500",
                "serai.journal.batch", "500",
                "serai.journal.lanes", "2",
                "serai.journal.queue", "1000",
                "serai.journal.remember-events", "30d")));
        spring.registerBean(DataSource.class, database::dataSource, definition -> definition.setDestroyMethodName(""));
        spring.registerBean(JdbcTemplate.class, () -> new JdbcTemplate(database.dataSource()));
        spring.registerBean(JdbcTransactionManager.class, () -> new JdbcTransactionManager(database.dataSource()));
        spring.registerBean(ObjectMapper.class, () -> JsonMapper.builder().findAndAddModules().build());
        spring.registerBean(Clock.class, () -> clock);
        spring.registerBean(Wake.class, () -> () -> {});
        spring.register(Transactions.class);
        spring.getBeanFactory().setConversionService(ApplicationConversionService.getSharedInstance());
        spring.scan("dev.serai.journal", "dev.serai.lineage", "dev.serai.record", "dev.serai.deadletter", "dev.serai.delivery");
        spring.refresh();
    }

    @EnableTransactionManagement
    static class Transactions {}

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

    /** A clock that stands until it is moved. */
    public static final class SettableClock extends Clock {

        private volatile Instant now;

        SettableClock(Instant now) {
            this.now = now;
        }

        public void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
