package dev.serai.console;

import dev.serai.health.Alerts;
import dev.serai.journal.Ledger;
import dev.serai.journal.LedgerReport;
import dev.serai.run.RunStatus;
import dev.serai.run.Runs;
import dev.serai.watch.FlowSamples;
import dev.serai.watch.FlowSamples.Flow;
import dev.serai.watch.HubHealth;
import dev.serai.watch.HubMetrics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page: what flows, whether the ledger balances, what runs, what is not well. Its parts refresh themselves. */
@Controller
class OverviewPage {

    private static final int RUNS = 20;
    private static final int ALERTS = 20;

    private final FlowSamples flows;
    private final Ledger ledger;
    private final Runs runs;
    private final RunProgress progress;
    private final HubHealth health;
    private final HubMetrics metrics;
    private final Alerts alerts;
    private final Clock clock;

    OverviewPage(
            FlowSamples flows, Ledger ledger, Runs runs, RunProgress progress, HubHealth health, HubMetrics metrics, Alerts alerts,
            Clock clock) {
        this.flows = flows;
        this.ledger = ledger;
        this.runs = runs;
        this.progress = progress;
        this.health = health;
        this.metrics = metrics;
        this.alerts = alerts;
        this.clock = clock;
    }

    @GetMapping({"/console", "/console/"})
    String overview(Model model) {
        addNow(model);
        addCharts(model);
        return "console/overview";
    }

    @GetMapping("/console/parts/now")
    String now(Model model) {
        addNow(model);
        return "console/overview :: now";
    }

    @GetMapping("/console/parts/charts")
    String charts(Model model) {
        addCharts(model);
        return "console/overview :: charts";
    }

    /** Asks other services, which may take its time; so the page comes first and this follows. */
    @GetMapping("/console/parts/health")
    String health(Model model) {
        model.addAttribute("health", health.detailed());
        return "console/overview :: health";
    }

    private void addNow(Model model) {
        List<Flow> latest = flows.flows(Duration.ofSeconds(30), Duration.ofSeconds(10));
        LedgerReport report = ledger.report(null, null, 0);
        model.addAttribute("flow", latest.isEmpty() ? new Flow(clock.instant(), 0, 0, 0) : latest.get(latest.size() - 1));
        model.addAttribute("lag", metrics.lagSeconds());
        model.addAttribute("ledger", report);
        model.addAttribute("shares", Share.of(report.total()));
        model.addAttribute("alerts", alerts.list(null, null, "active", 1, ALERTS));
        model.addAttribute("running", progress.of(runs.list(new Runs.Selection(null, RunStatus.RUNNING), 1, RUNS)));
    }

    private void addCharts(Model model) {
        model.addAttribute("charts", List.of(
                Chart.of("Last hour", flows.flows(Duration.ofHours(1), Duration.ofMinutes(1)), clock.instant(), Duration.ofHours(1)),
                Chart.of("Last day", flows.flows(Duration.ofHours(24), Duration.ofMinutes(15)), clock.instant(), Duration.ofHours(24))));
    }
}
