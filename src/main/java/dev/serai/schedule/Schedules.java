package dev.serai.schedule;

import static org.quartz.CronScheduleBuilder.cronSchedule;
import static org.quartz.JobBuilder.newJob;
import static org.quartz.SimpleScheduleBuilder.simpleSchedule;
import static org.quartz.TriggerBuilder.newTrigger;

import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.quartz.CronTrigger;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleTrigger;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.matchers.GroupMatcher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/**
 * What is to be started regularly. Schedules are rows in the database: they survive restarts, one hub of several starts each time, and a
 * change is part of the caller's transaction. Times that were missed, because no hub ran, are made up for by one start at once.
 * A hub that dies while it starts a flow has it started again by another, so flows must bear being started twice.
 */
@Component
@Transactional
public class Schedules {

    private final Scheduler quartz;
    private final Clock clock;

    Schedules(Scheduler quartz, Clock clock) {
        this.quartz = quartz;
        this.clock = clock;
    }

    /** Starts the flow every so often, first after one interval. A schedule that is like this already goes on undisturbed. */
    public void every(ScheduleKey key, Duration interval, Start start) {
        long millis = interval.toMillis();
        put(key, start, trigger -> trigger instanceof SimpleTrigger simple && simple.getRepeatInterval() == millis,
                newTrigger().startAt(Date.from(clock.instant().plus(interval)))
                        .withSchedule(simpleSchedule().withIntervalInMilliseconds(millis).repeatForever()
                                .withMisfireHandlingInstructionNowWithExistingCount()));
    }

    /**
     * Starts the flow at the times of the expression. A schedule that is like this already goes on undisturbed.
     *
     * @param expression in Quartz's form, seconds first: {@code 0 0 2 * * ?} is two o'clock each night
     * @throws IllegalArgumentException where it is none
     */
    public void cron(ScheduleKey key, String expression, ZoneId zone, Start start) {
        TimeZone timeZone = TimeZone.getTimeZone(zone);
        try {
            put(key, start,
                    trigger -> trigger instanceof CronTrigger cron && cron.getCronExpression().equals(expression)
                            && cron.getTimeZone().equals(timeZone),
                    newTrigger().withSchedule(
                            cronSchedule(expression).inTimeZone(timeZone).withMisfireHandlingInstructionFireAndProceed()));
        } catch (RuntimeException e) {
            throw e.getCause() instanceof ParseException ? new IllegalArgumentException(expression + " is no cron expression", e) : e;
        }
    }

    /** Takes the schedule away; one that is not there is no matter. */
    public void remove(ScheduleKey key) {
        ask(() -> quartz.deleteJob(jobKey(key)));
    }

    /** Starts nothing until {@link #resume}. A schedule that is changed meanwhile stays paused. */
    public void pause(ScheduleKey key) {
        run(() -> quartz.pauseTrigger(triggerKey(key)));
    }

    /** Goes on; times that were missed meanwhile are made up for by one start at once. */
    public void resume(ScheduleKey key) {
        run(() -> quartz.resumeTrigger(triggerKey(key)));
    }

    /** When the flow is started next; nothing where there is no such schedule, or where it is paused. */
    @Transactional(readOnly = true)
    public Optional<Instant> nextRun(ScheduleKey key) {
        Trigger trigger = ask(() -> quartz.getTrigger(triggerKey(key)));
        return trigger == null || isPaused(key) ? Optional.empty() : Optional.ofNullable(trigger.getNextFireTime()).map(Date::toInstant);
    }

    /** The names of the group's schedules, paused ones too. */
    @Transactional(readOnly = true)
    public Set<String> names(String group) {
        Set<String> names = new TreeSet<>();
        ask(() -> quartz.getTriggerKeys(GroupMatcher.triggerGroupEquals(group))).forEach(key -> names.add(key.getName()));
        return names;
    }

    /** Whether this hub takes part in the schedules. */
    public boolean isRunning() {
        return ask(() -> quartz.isStarted() && !quartz.isInStandbyMode() && !quartz.isShutdown());
    }

    private void put(ScheduleKey key, Start start, Predicate<Trigger> same, TriggerBuilder<?> timing) {
        JobDetail job = newJob(FlowJob.class).withIdentity(jobKey(key)).requestRecovery().storeDurably()
                .usingJobData(FlowJob.FLOW, start.flow()).usingJobData(FlowJob.ARGUMENT, start.argument()).build();
        Trigger present = ask(() -> quartz.getTrigger(triggerKey(key)));
        if (present != null && same.test(present)) {
            run(() -> quartz.addJob(job, true));
            return;
        }
        boolean paused = present != null && isPaused(key);
        run(() -> quartz.scheduleJob(job, Set.of(timing.withIdentity(triggerKey(key)).forJob(job).build()), true));
        if (paused) {
            pause(key);
        }
    }

    private boolean isPaused(ScheduleKey key) {
        return ask(() -> quartz.getTriggerState(triggerKey(key))) == TriggerState.PAUSED;
    }

    private static JobKey jobKey(ScheduleKey key) {
        return JobKey.jobKey(key.name(), key.group());
    }

    private static TriggerKey triggerKey(ScheduleKey key) {
        return TriggerKey.triggerKey(key.name(), key.group());
    }

    private static void run(Action action) {
        ask(() -> {
            action.run();
            return null;
        });
    }

    private static <T> T ask(Question<T> question) {
        try {
            return question.answer();
        } catch (SchedulerException e) {
            throw new IllegalStateException("The schedules cannot be read or changed: " + e.getMessage(), e);
        }
    }

    private interface Action {
        void run() throws SchedulerException;
    }

    private interface Question<T> {
        T answer() throws SchedulerException;
    }
}
