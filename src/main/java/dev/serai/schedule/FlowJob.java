package dev.serai.schedule;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobDataMap;
import org.quartz.JobExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts a flow at its time. A schedule whose flow still runs is not started a second time beside it. */
@DisallowConcurrentExecution
class FlowJob implements Job {

    static final String FLOW = "flow";
    static final String ARGUMENT = "argument";

    private static final Logger LOG = LoggerFactory.getLogger(FlowJob.class);

    private final Flows flows;

    FlowJob(Flows flows) {
        this.flows = flows;
    }

    /** What goes wrong is told and not passed on: Quartz would only log it, and the schedule goes on as before. */
    @Override
    public void execute(JobExecutionContext context) {
        JobDataMap data = context.getJobDetail().getJobDataMap();
        try {
            flows.start(data.getString(FLOW), data.getString(ARGUMENT));
        } catch (RuntimeException e) {
            LOG.error("Schedule {} could not start route {}: {}. It is tried again at its next time, {}", context.getTrigger().getKey(),
                    data.getString(FLOW), e.getMessage(), context.getNextFireTime().toInstant());
        }
    }
}
