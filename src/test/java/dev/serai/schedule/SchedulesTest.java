package dev.serai.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.quartz.QuartzAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Schedules with the hub's own settings on a real database, on one hub and on two. */
class SchedulesTest {

    private static final ScheduleKey KEY = new ScheduleKey("pos", "POS-001");
    private static final Start START = new Start("sync", "POS-001");
    private static final Duration HOUR = Duration.ofHours(1);

    private final TestDatabase database = TestDatabase.create();
    private final JdbcClient sql = JdbcClient.create(database.dataSource());
    private final List<String> started = new CopyOnWriteArrayList<>();
    private final List<ConfigurableApplicationContext> hubs = new ArrayList<>();

    @AfterEach
    void endAll() {
        hubs.forEach(ConfigurableApplicationContext::close);
        database.close();
    }

    @Test
    void oneOfTwoHubsStartsEachTime() {
        Schedules schedules = hub();
        hub();

        schedules.every(KEY, Duration.ofMillis(300), START);

        await().until(() -> started.size() >= 10);
        schedules.pause(KEY);
        await().until(() -> count("qrtz_fired_triggers") == 0);
        assertThat(started).hasSize(timesTriggered()).containsOnly("sync POS-001");
    }

    @Test
    void aScheduleSurvivesARestartWithItsNextTime() {
        hub().every(KEY, HOUR, START);
        Instant next = hub(0).nextRun(KEY).orElseThrow();
        hubs.get(0).close();

        Schedules restarted = hub();
        restarted.every(KEY, HOUR, START);

        assertThat(restarted.nextRun(KEY)).contains(next);
        assertThat(next).isAfter(Instant.now().plus(Duration.ofMinutes(59)));
    }

    @Test
    void timesMissedWhileNoHubRanAreMadeUpForByOneStart() {
        hub().every(KEY, HOUR, START);
        hubs.get(0).close();
        long tenHoursAgo = Instant.now().minus(Duration.ofHours(10)).toEpochMilli();
        sql.sql("UPDATE qrtz_triggers SET start_time = ?, next_fire_time = ?").params(tenHoursAgo, tenHoursAgo).update();

        Schedules schedules = hub();

        await().until(() -> !started.isEmpty());
        await().until(() -> count("qrtz_fired_triggers") == 0);
        assertThat(started).hasSize(1);
        assertThat(schedules.nextRun(KEY).orElseThrow()).isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3600));
    }

    @Test
    void aNewIntervalCountsFromNow() {
        Schedules schedules = hub();
        schedules.every(KEY, HOUR, START);

        schedules.every(KEY, Duration.ofMinutes(2), START);

        assertThat(schedules.nextRun(KEY).orElseThrow()).isBefore(Instant.now().plusSeconds(121)).isAfter(Instant.now().plusSeconds(100));
    }

    @Test
    void whatASchedulesStartsCanChangeWithoutMovingItsTime() {
        Schedules schedules = hub();
        schedules.every(KEY, Duration.ofSeconds(1), START);
        Instant next = schedules.nextRun(KEY).orElseThrow();

        schedules.every(KEY, Duration.ofSeconds(1), new Start("other", "POS-001"));

        assertThat(schedules.nextRun(KEY)).contains(next);
        await().until(() -> started.contains("other POS-001"));
        assertThat(started).doesNotContain("sync POS-001");
    }

    @Test
    void aPausedScheduleStaysPausedWhenItIsChangedAndGoesOnWhenResumed() {
        Schedules schedules = hub();
        schedules.every(KEY, HOUR, START);
        schedules.pause(KEY);

        schedules.every(KEY, Duration.ofMillis(200), START);

        assertThat(schedules.nextRun(KEY)).isEmpty();
        assertThat(schedules.names("pos")).containsExactly("POS-001");
        assertThat(started).isEmpty();
        schedules.resume(KEY);
        await().until(() -> !started.isEmpty());
    }

    @Test
    void aRemovedScheduleIsGone() {
        Schedules schedules = hub();
        schedules.every(KEY, HOUR, START);

        schedules.remove(KEY);
        schedules.remove(KEY);

        assertThat(schedules.nextRun(KEY)).isEmpty();
        assertThat(schedules.names("pos")).isEmpty();
        assertThat(count("qrtz_job_details")).isZero();
    }

    @Test
    void timesOfDayAreThoseOfTheZone() {
        Schedules schedules = hub();

        schedules.cron(KEY, "0 30 2 * * ?", ZoneOffset.UTC, START);
        Instant next = schedules.nextRun(KEY).orElseThrow();
        schedules.cron(KEY, "0 30 2 * * ?", ZoneOffset.UTC, START);

        assertThat(next.toString()).endsWith("T02:30:00Z");
        assertThat(schedules.nextRun(KEY)).contains(next);
        assertThatThrownBy(() -> schedules.cron(KEY, "every morning", ZoneOffset.UTC, START))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("every morning");
    }

    @Test
    void aChangeIsPartOfTheCallersTransaction() {
        Schedules schedules = hub();
        TransactionTemplate transaction = new TransactionTemplate(hubs.get(0).getBean(PlatformTransactionManager.class));

        transaction.executeWithoutResult(status -> {
            schedules.every(KEY, HOUR, START);
            status.setRollbackOnly();
        });

        assertThat(schedules.names("pos")).isEmpty();
    }

    @Test
    void aFlowThatFailsIsStartedAgainAtTheNextTime() {
        Schedules schedules = hub();

        schedules.every(KEY, Duration.ofMillis(200), new Start("broken", ""));

        await().until(() -> started.size() >= 2);
        assertThat(schedules.nextRun(KEY)).isPresent();
    }

    private Schedules hub() {
        hubs.add(new SpringApplicationBuilder(Hub.class).web(WebApplicationType.NONE)
                .initializers(context -> {
                    context.getBeanFactory().registerSingleton("flows", (Flows) this::record);
                    // The same for all hubs of this JVM, in which Quartz knows data sources by the scheduler's name only.
                    context.getBeanFactory().registerSingleton("dataSource", database.dataSource());
                })
                .run("--spring.jmx.enabled=false", "--spring.quartz.properties.org.quartz.scheduler.idleWaitTime=1000"));
        return hub(hubs.size() - 1);
    }

    private Schedules hub(int number) {
        return hubs.get(number).getBean(Schedules.class);
    }

    private void record(String flow, String argument) {
        started.add(flow + " " + argument);
        if (flow.equals("broken")) {
            throw new IllegalStateException("This flow is broken");
        }
    }

    private int timesTriggered() {
        return sql.sql("SELECT times_triggered FROM qrtz_simple_triggers").query(Integer.class).single();
    }

    private int count(String table) {
        return sql.sql("SELECT count(*) FROM " + table).query(Integer.class).single();
    }

    @Configuration(proxyBeanMethods = false)
    @ComponentScan(basePackageClasses = Schedules.class)
    @ImportAutoConfiguration({DataSourceTransactionManagerAutoConfiguration.class,
            JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class, QuartzAutoConfiguration.class})
    static class Hub {

        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }
    }
}
